<?php

declare(strict_types=1);

namespace Ybb\Export\Auth;

enum Role
{
    /** Exports, and sees what he exported. */
    case Exporter;
    /** Sees everybody's exports, the statistics, and makes templates. */
    case Admin;
}
