<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Doctor;

use Ybb\Export\Answer;
use Ybb\Export\CodeIgniter\Config\Services;
use Ybb\Export\CodeIgniter\LibraryFile;
use Ybb\Export\ExporterInterface;

/**
 * What the library says of its settings, its job store and its source.
 */
final readonly class LibraryCheckup
{
    private ExporterInterface $exporter;

    public function __construct()
    {
        $this->exporter = Services::ybbexporter();
    }

    /** @return \Generator<int, Finding> */
    public function findings(): \Generator
    {
        $types = $this->ask($this->exporter->templates(...));
        if (is_string($types)) {
            yield Finding::broken('settings', $types, 'settings');
            return;
        }
        $names = $types->get('export_types');
        $names = array_keys(is_array($names) ? $names : []);
        yield Finding::good('settings', 'settings', [implode(', ', $names)]);

        $queue = $this->ask($this->exporter->queue(...));
        yield is_string($queue) ? Finding::broken('store', $queue, 'store') : $this->store($queue);

        $request = ['export_type' => (string) ($names[0] ?? ''), 'filters' => ['limit' => 1]];
        $estimate = $this->ask(fn(): Answer => $this->exporter->estimate($request));
        yield is_string($estimate) ? Finding::broken('source', $estimate, 'source') : Finding::good('source', 'source');

        if (!is_string($queue)) {
            yield $this->worker($queue);
        }
    }

    /**
     * The answer, or what is wrong.
     *
     * @param \Closure(): Answer $question
     */
    private function ask(\Closure $question): Answer|string
    {
        try {
            $answer = $question();
        } catch (\YbbExport\Exception $broken) {
            return $broken->getMessage();
        }
        return $answer->isError() ? $answer->errorCode() . ': ' . $answer->text('message') : $answer;
    }

    private function store(Answer $queue): Finding
    {
        return Finding::good('store', 'store', [self::number($queue, 'queued'), self::number($queue, 'running')]);
    }

    private static function number(Answer $queue, string $name): int
    {
        $number = $queue->get('data', 'queue', $name);
        return is_int($number) ? $number : 0;
    }

    private function worker(Answer $queue): Finding
    {
        $mode = ((string) ini_get('ybb_export.mode') ?: LibraryFile::text('pool')) ?: 'auto';
        $alive = $queue->get('data', 'queue', 'owners_alive', 'worker');
        return match (true) {
            is_int($alive) && $alive > 0 => Finding::good('worker', 'worker', [$alive]),
            $mode === 'inproc' => Finding::good('worker', 'inproc'),
            $mode === 'worker' => Finding::bad('worker', 'noWorker'),
            default => Finding::doubtful('worker', 'ownProcesses'),
        };
    }
}
