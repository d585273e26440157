<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Commands;

use CodeIgniter\CLI\BaseCommand;
use CodeIgniter\CLI\CLI;
use Ybb\Export\CodeIgniter\Words;

/**
 * Puts what an application may change into its folders.
 */
final class Publish extends BaseCommand
{
    /** What stands in its folders, by what it is a copy of. */
    private const FILES = [
        'Config/published.php.txt' => 'Config/YbbExport.php',
        'Views/layout.php' => 'Views/overrides/Ybb/Export/CodeIgniter/Views/layout.php',
        'Views/download_options.php' => 'Views/export/download_options.php',
        'Views/retry_options.php' => 'Views/export/retry_options.php',
    ];

    protected $group = 'YbbExport';
    protected $name = 'ybbexport:publish';
    protected $description = 'Writes configuration and views into the application, where they can be changed.';
    protected $usage = 'ybbexport:publish [--force]';
    protected $options = ['--force' => 'Writes over files that are there.'];

    /** @param array<array-key, null|string> $params */
    public function run(array $params): int
    {
        foreach (self::FILES as $from => $to) {
            if (is_file(APPPATH . $to) && !array_key_exists('force', $params)) {
                CLI::write(Words::of('publish.kept', ["app/$to"]), 'yellow');
            } elseif ($this->copy(dirname(__DIR__) . "/$from", APPPATH . $to)) {
                CLI::write(Words::of('publish.written', ["app/$to"]), 'green');
            } else {
                CLI::error(Words::of('publish.failed', ["app/$to"]));
                return EXIT_ERROR;
            }
        }
        CLI::write(Words::of('publish.next'));
        return EXIT_SUCCESS;
    }

    private function copy(string $from, string $to): bool
    {
        return (is_dir(dirname($to)) || mkdir(dirname($to), 0o755, true)) && copy($from, $to);
    }
}
