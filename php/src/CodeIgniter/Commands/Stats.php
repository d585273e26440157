<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Commands;

use CodeIgniter\CLI\BaseCommand;
use CodeIgniter\CLI\CLI;
use Ybb\Export\Answer;
use Ybb\Export\CodeIgniter\Config\Services;
use Ybb\Export\CodeIgniter\Words;

/**
 * What was exported lately, and how full the queue is.
 */
final class Stats extends BaseCommand
{
    private const WEEK = ['completed', 'failed', 'cancelled', 'records', 'bytes_text', 'processing_seconds', 'records_per_second'];

    protected $group = 'YbbExport';
    protected $name = 'ybbexport:stats';
    protected $description = 'Shows what was exported lately, and how full the queue is.';
    protected $usage = 'ybbexport:stats [--json]';
    protected $options = ['--json' => 'All of it, as JSON.'];

    /** @param array<array-key, null|string> $params */
    public function run(array $params): int
    {
        $answer = Services::ybbexporter()->statistics();
        if ($answer->isError()) {
            CLI::error($answer->text('message'));
            return EXIT_ERROR;
        }
        if (array_key_exists('json', $params)) {
            CLI::write($answer->toJson());
            return EXIT_SUCCESS;
        }
        $now = $answer->get('data', 'exports');
        $this->show('stats.now', $answer, ['data', 'exports'], array_keys(is_array($now) ? $now : []));
        $this->show('stats.week', $answer, ['data', 'last_7_days'], self::WEEK);
        return EXIT_SUCCESS;
    }

    /**
     * @param list<string> $path
     * @param list<array-key> $names
     */
    private function show(string $title, Answer $answer, array $path, array $names): void
    {
        $rows = [];
        foreach ($names as $name) {
            $value = $answer->get(...[...$path, (string) $name]);
            $rows[] = [Words::of("stats.$name"), is_scalar($value) ? (string) $value : ''];
        }
        CLI::write(Words::of($title), 'yellow');
        CLI::table($rows);
    }
}
