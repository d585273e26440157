<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Ybb\Export\Answer;

/**
 * The queue and what was exported lately, as tables.
 */
final readonly class StatisticsView
{
    private const CLASSES = ['immediate', 'high', 'normal', 'low'];

    public function __construct(private Texts $texts, private Answer $statistics) {}

    public function main(): Html
    {
        $types = $this->statistics->get('data', 'by_type');
        return Html::all(
            $this->fill(),
            $this->running(),
            $this->table('stats.queue', 'stats.class', self::CLASSES, ['data', 'queue', 'classes'], ['queued', 'running', 'limit']),
            $this->chart('stats.chart.class', self::CLASSES, 'by_class', 'completed'),
            $this->chart('stats.chart.seconds', self::CLASSES, 'by_class', 'seconds'),
            $this->table('stats.week.class', 'stats.class', self::CLASSES, ['data', 'by_class'], self::runs()),
            $this->chart('stats.chart.records', is_array($types) ? array_keys($types) : [], 'by_type', 'records'),
            $this->chart('stats.chart.speed', is_array($types) ? array_keys($types) : [], 'by_type', 'records_per_second'),
            $this->table('stats.week.type', 'stats.type', is_array($types) ? array_keys($types) : [], ['data', 'by_type'], self::runs()),
            $this->states(),
        );
    }

    /** @return list<string> */
    private static function runs(): array
    {
        return ['completed', 'failed', 'cancelled', 'records', 'records_per_second', 'seconds'];
    }

    private function fill(): Html
    {
        $queued = $this->number('data', 'queue', 'queued');
        $most = max(1, $this->number('data', 'queue', 'max_queue_size'));
        $says = $this->texts->of('stats.waiting', ['queued' => $this->texts->number($queued), 'most' => $this->texts->number($most)]);
        return Html::all(
            Html::of('p', ['id' => 'fill'], $says),
            Html::of('meter', ['min' => 0, 'max' => $most, 'value' => min($queued, $most), 'aria-labelledby' => 'fill'], $says),
        );
    }

    /** How many of each class run, of as many as may. */
    private function running(): Html
    {
        $bars = [];
        foreach (self::CLASSES as $class) {
            [$running, $limit] = array_map(
                fn(string $name): int => $this->number('data', 'queue', 'classes', $class, $name),
                ['running', 'limit'],
            );
            $text = $this->texts->of('stats.of', ['running' => $running, 'limit' => $limit]);
            $bars[$this->texts->called($class)] = ['value' => $running, 'of' => $limit, 'text' => $text];
        }
        return $this->drawn('stats.chart.running', $bars);
    }

    /** @param array<array-key, int|string> $rows */
    private function chart(string $title, array $rows, string $of, string $name): ?Html
    {
        $bars = [];
        foreach ($rows as $row) {
            $bars[$this->texts->called((string) $row)] = [
                'value' => $name === 'seconds' ? $this->seconds($of, (string) $row) ?? 0 : $this->number('data', $of, (string) $row, $name),
                'text' => $this->figure(['data', $of], (string) $row, $name),
            ];
        }
        return $bars === [] ? null : $this->drawn($title, $bars);
    }

    /** @param array<string, array{value: float|int, text: string, of?: float|int}> $bars */
    private function drawn(string $title, array $bars): Html
    {
        $title = $this->texts->of($title);
        return Html::of('figure', [], Html::of('figcaption', [], $title), Chart::bars($title, $bars));
    }

    /**
     * @param array<array-key, int|string> $rows
     * @param list<string> $path where these rows are
     * @param list<string> $columns
     */
    private function table(string $caption, string $head, array $rows, array $path, array $columns): ?Html
    {
        if ($rows === []) {
            return null;
        }
        $heads = array_map(fn(string $name): Html => Html::of('th', ['scope' => 'col'], $this->texts->of("stats.$name")), $columns);
        $body = [];
        foreach ($rows as $row) {
            $cells = array_map(
                fn(string $name): Html => Html::of('td', ['data-label' => $this->texts->of("stats.$name")], $this->figure($path, (string) $row, $name)),
                $columns,
            );
            $body[] = Html::of('tr', [], Html::of('th', ['scope' => 'row'], $this->texts->called((string) $row)), ...$cells);
        }
        return Html::of(
            'table',
            ['class' => 'figures'],
            Html::of('caption', [], $this->texts->of($caption)),
            Html::of('thead', [], Html::of('tr', [], Html::of('th', ['scope' => 'col'], $this->texts->of($head)), ...$heads)),
            Html::of('tbody', [], ...$body),
        );
    }

    private function states(): Html
    {
        $items = [];
        foreach (['queued', 'running', 'completed', 'failed', 'cancelled', 'expired'] as $state) {
            $items[] = Html::of('dt', [], $this->texts->of("stats.$state"));
            $items[] = Html::of('dd', [], $this->texts->number($this->number('data', 'exports', $state)));
        }
        return Html::all(Html::of('h2', [], $this->texts->of('stats.states')), Html::of('dl', [], ...$items));
    }

    /** @param list<string> $path where the row is */
    private function figure(array $path, string $row, string $name): string
    {
        if ($name !== 'seconds') {
            return $this->texts->number($this->number(...[...$path, $row, $name]));
        }
        $seconds = $this->seconds((string) end($path), $row);
        return $seconds === null ? '–' : $this->texts->number($seconds, 1);
    }

    /** How long an export took, on average; null: none was completed. */
    private function seconds(string $of, string $row): ?float
    {
        $completed = $this->number('data', $of, $row, 'completed');
        $seconds = $this->statistics->get('data', $of, $row, 'processing_seconds');
        return $completed > 0 && (is_int($seconds) || is_float($seconds)) ? $seconds / $completed : null;
    }

    private function number(string ...$path): int
    {
        $number = $this->statistics->get(...$path);
        return is_int($number) || is_float($number) ? (int) round($number) : 0;
    }
}
