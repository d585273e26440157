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
            $this->table('stats.queue', 'stats.class', self::CLASSES, ['data', 'queue', 'classes'], ['queued', 'running', 'limit']),
            $this->table('stats.week.class', 'stats.class', self::CLASSES, ['data', 'by_class'], self::runs()),
            $this->table('stats.week.type', 'stats.type', is_array($types) ? array_keys($types) : [], ['data', 'by_type'], self::runs()),
            $this->states(),
        );
    }

    /** @return list<string> */
    private static function runs(): array
    {
        return ['completed', 'failed', 'cancelled', 'records', 'records_per_second'];
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
                fn(string $name): Html => Html::of('td', ['data-label' => $this->texts->of("stats.$name")], $this->texts->number($this->number(...[...$path, (string) $row, $name]))),
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

    private function number(string ...$path): int
    {
        $number = $this->statistics->get(...$path);
        return is_int($number) || is_float($number) ? (int) round($number) : 0;
    }
}
