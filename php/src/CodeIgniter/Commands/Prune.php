<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Commands;

use CodeIgniter\CLI\BaseCommand;
use CodeIgniter\CLI\CLI;
use Ybb\Export\CodeIgniter\Setup;

/**
 * Removes what has expired; workers do so by themselves.
 */
final class Prune extends BaseCommand
{
    protected $group = 'YbbExport';
    protected $name = 'ybbexport:prune';
    protected $description = 'Removes exports that have expired, and files that nobody knows.';

    /** @param array<array-key, null|string> $params */
    public function run(array $params): int
    {
        Setup::places();
        CLI::write((string) json_encode(ybb_export_sweep()['data'] ?? [], JSON_PRETTY_PRINT));
        return EXIT_SUCCESS;
    }
}
