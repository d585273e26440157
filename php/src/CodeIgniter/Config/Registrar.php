<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Config;

use Ybb\Export\CodeIgniter\Filters\ExportAccess;

/**
 * What CodeIgniter adds to the application's own configuration.
 */
final class Registrar
{
    /** @return array<string, mixed> */
    public static function Filters(): array
    {
        return ['aliases' => ['ybbexport' => ExportAccess::class]];
    }
}
