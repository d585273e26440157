<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

/**
 * Bars, drawn by the server: a page has no script that could, and no style of its own. Each bar says its value;
 * the table beside has all of them, so nobody needs the picture.
 */
final class Chart
{
    private const WIDTH = 600;
    private const LABEL = 150;
    private const ROW = 34;
    private const BAR = 20;
    /** Beside the longest bar, for its text. */
    private const VALUE = 130;

    /**
     * @param array<string, array{value: float|int, text: string, of?: float|int}> $bars by label; of: what would be full
     */
    public static function bars(string $title, array $bars): Html
    {
        $most = 0;
        foreach ($bars as $bar) {
            $most = max($most, $bar['value'], $bar['of'] ?? 0);
        }
        $rows = [];
        foreach (array_keys($bars) as $number => $label) {
            array_push($rows, ...self::row($number * self::ROW, $label, $bars[$label], $most));
        }
        $height = count($bars) * self::ROW;
        return Html::of(
            'svg',
            ['class' => 'chart', 'viewBox' => '0 0 ' . self::WIDTH . " $height", 'role' => 'img', 'aria-label' => $title],
            ...$rows,
        );
    }

    /**
     * @param array{value: float|int, text: string, of?: float|int} $bar
     * @return list<Html>
     */
    private static function row(int $top, string $label, array $bar, float|int $most): array
    {
        $middle = $top + intdiv(self::ROW, 2);
        $at = ['x' => self::LABEL, 'y' => $middle - intdiv(self::BAR, 2), 'height' => self::BAR];
        $full = self::length($bar['of'] ?? 0, $most);
        $length = self::length($bar['value'], $most);
        return [
            Html::of('text', ['class' => 'label', 'x' => self::LABEL - 10, 'y' => $middle], $label),
            Html::of('rect', ['class' => 'room', 'width' => $full] + $at),
            Html::of('rect', ['class' => 'bar', 'width' => $length] + $at),
            Html::of('text', ['class' => 'value', 'x' => self::LABEL + max($length, $full) + 8, 'y' => $middle], $bar['text']),
        ];
    }

    private static function length(float|int $value, float|int $most): int
    {
        return $most > 0 ? (int) round((self::WIDTH - self::LABEL - self::VALUE) * $value / $most) : 0;
    }
}
