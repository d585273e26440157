<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Commands;

use CodeIgniter\CLI\BaseCommand;
use CodeIgniter\CLI\CLI;
use Ybb\Export\CodeIgniter\LibraryFile;
use Ybb\Export\CodeIgniter\Setup;
use Ybb\Export\CodeIgniter\Words;

/**
 * Becomes a worker of the library, with the application's places, until SIGTERM.
 */
final class Worker extends BaseCommand
{
    protected $group = 'YbbExport';
    protected $name = 'ybbexport:worker';
    protected $description = 'Carries queued exports out until SIGTERM.';
    protected $usage = 'ybbexport:worker [--drain SECONDS]';
    protected $options = ['--drain' => 'How long exports may go on behind SIGTERM.'];

    /** @param array<array-key, null|string> $params */
    public function run(array $params): int
    {
        Setup::places();
        $name = Setup::config()->command;
        $command = $this->find($name);
        if ($command === '') {
            CLI::error(Words::of('worker.missing', [$name]));
            return EXIT_ERROR;
        }
        return $this->become($command, $this->arguments($params), [...getenv(), ...$this->places()]);
    }

    /** Its path; empty: there is none. */
    private function find(string $name): string
    {
        $folders = str_contains($name, '/') ? [''] : explode(':', (string) getenv('PATH'));
        foreach ($folders as $folder) {
            $path = $folder === '' ? $name : "$folder/$name";
            if (is_file($path) && is_executable($path)) {
                return $path;
            }
        }
        return '';
    }

    /**
     * @param array<array-key, null|string> $params
     * @return list<string>
     */
    private function arguments(array $params): array
    {
        $arguments = ['worker'];
        $out = (string) ini_get('ybb_export.out');
        foreach (['--config' => LibraryFile::path(), '--out' => $out, '--drain' => $params['drain'] ?? ''] as $option => $value) {
            if ($value !== '') {
                array_push($arguments, $option, $value);
            }
        }
        return $arguments;
    }

    /** @return array<string, string> these have passwords, and everybody sees the arguments of a process */
    private function places(): array
    {
        return array_filter([
            'YBBEXPORT_SOURCE' => (string) ini_get('ybb_export.source'),
            'YBBEXPORT_STORE' => (string) ini_get('ybb_export.store'),
        ], static fn(string $value): bool => $value !== '');
    }

    /**
     * In place of this process, so that signals reach it; beside it where PHP cannot.
     *
     * @param list<string> $arguments
     * @param array<string, string> $environment
     */
    private function become(string $command, array $arguments, array $environment): int
    {
        if (function_exists('pcntl_exec')) {
            pcntl_exec($command, $arguments, $environment);
            CLI::error(Words::of('worker.fails', [$command]));
            return EXIT_ERROR;
        }
        $process = proc_open([$command, ...$arguments], [STDIN, STDOUT, STDERR], $pipes, null, $environment);
        return is_resource($process) ? proc_close($process) : EXIT_ERROR;
    }
}
