<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

/**
 * Who may call an endpoint.
 */
enum Access
{
    case Admins;
    case Exporters;
    /** The same, and whoever has a signed link. */
    case Holders;
    /** What says nothing of the installation. */
    case Everybody;
}
