<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Doctor;

enum Health: string
{
    case Good = 'good';
    /** Exports work, but not as they could. */
    case Doubtful = 'doubtful';
    case Bad = 'bad';
}
