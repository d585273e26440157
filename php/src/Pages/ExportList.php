<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Ybb\Export\Answer;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Http\ListQuery;
use Ybb\Export\Pages\Endpoint\MyExports;
use Ybb\Export\Pages\Endpoint\NewExport;

/**
 * Exports one below the other, each with what can be done with it.
 */
final readonly class ExportList
{
    private const COLUMNS = ['export', 'state', 'records', 'size', 'created', 'expires', 'actions'];

    public function __construct(
        private Texts $texts,
        private PageResponder $pages,
        private Answer $list,
        private ListQuery $query,
        private Identity $user,
    ) {}

    public function title(): string
    {
        return $this->texts->of($this->isOfAll() ? 'mine.title.all' : 'mine.title');
    }

    public function main(): Html
    {
        $exports = $this->list->get('data', 'exports');
        $exports = is_array($exports) ? $exports : [];
        $rows = [];
        foreach (array_keys($exports) as $key) {
            $rows[] = $this->row(new Answer(self::item($exports, $key)));
        }
        return Html::all($this->owners(), $rows === [] ? $this->none() : $this->table($rows), $this->older());
    }

    /**
     * @param array<array-key, mixed> $exports
     * @return array<string, mixed>
     */
    private static function item(array $exports, int|string $key): array
    {
        $named = [];
        foreach (is_array($exports[$key]) ? $exports[$key] : [] as $name => $value) {
            $named[(string) $name] = $value;
        }
        return $named;
    }

    private function isOfAll(): bool
    {
        return $this->query->owner === null;
    }

    /** For admins: his own, or everybody's. */
    private function owners(): ?Html
    {
        if (!$this->user->isAdmin()) {
            return null;
        }
        [$other, $text] = $this->isOfAll() ? ['', 'mine.title'] : ['?owner=all', 'mine.title.all'];
        return Html::of('p', [], Html::of('a', ['href' => $this->pages->path(MyExports::PATH . $other)], $this->texts->of($text)));
    }

    private function none(): Html
    {
        return Html::of('p', [], $this->texts->of('mine.none') . ' ', Html::of(
            'a',
            ['href' => $this->pages->path(NewExport::PATH)],
            $this->texts->of('new.title'),
        ));
    }

    /** @param list<Html> $rows */
    private function table(array $rows): Html
    {
        $heads = array_map(
            fn(string $name): Html => Html::of('th', ['scope' => 'col'], $this->texts->of("mine.$name")),
            self::COLUMNS,
        );
        return Html::of(
            'table',
            ['class' => 'exports'],
            Html::of('thead', [], Html::of('tr', [], ...$heads)),
            Html::of('tbody', [], ...$rows),
        );
    }

    private function row(Answer $export): Html
    {
        $cells = [
            'state' => $this->state($export),
            'records' => $this->texts->number(self::number($export, 'total_records')),
            'size' => self::number($export, 'file_size') > 0 ? $export->text('file_size_text') : '–',
            'created' => $this->time($export, 'created_at'),
            'expires' => $this->time($export, 'expires_at'),
            'actions' => $this->actions($export),
        ];
        $data = [];
        foreach ($cells as $name => $cell) {
            $data[] = Html::of('td', ['data-label' => $this->texts->of("mine.$name")], $cell);
        }
        return Html::of('tr', [], Html::of('th', ['scope' => 'row'], $this->name($export)), ...$data);
    }

    /** What it is of, and whose. */
    private function name(Answer $export): Html
    {
        $parts = [(new Subject($this->texts))->of($export), $this->isOfAll() ? $export->text('owner') : ''];
        $href = $this->pages->path('/exports/' . $export->exportId());
        return Html::of('a', ['href' => $href], implode(', ', array_filter($parts)));
    }

    private function state(Answer $export): Html
    {
        if (!$export->isProcessing()) {
            return Html::all($this->texts->of('mine.' . match (true) {
                !$export->isError() => 'success',
                in_array($export->errorCode(), ['CANCELLED', 'EXPIRED'], true) => strtolower($export->errorCode()),
                default => 'error',
            }));
        }
        $percentage = $export->get('percentage');
        $percentage = is_int($percentage) || is_float($percentage) ? (int) floor($percentage) : 0;
        $label = $this->texts->of('mine.processing', ['percentage' => $percentage]);
        return Html::all($label, Html::of('progress', ['max' => 100, 'value' => $percentage, 'aria-label' => $label], "$percentage %"));
    }

    private function actions(Answer $export): Html
    {
        $id = $export->exportId();
        $repeat = $this->pages->path(NewExport::PATH . '?' . http_build_query(['repeat' => $id]));
        $name = $this->texts->called($export->text('export_type')) . ', ' . $this->texts->moment($export->text('created_at'));
        return Html::all(
            Html::of('a', ['href' => $repeat, 'aria-label' => $this->texts->of('mine.repeat.of', ['export' => $name])], $this->texts->of('mine.repeat')),
            $this->pages->confirmed("/exports/$id/delete", $this->texts->of('mine.delete'), $this->texts->of('show.sure')),
        );
    }

    private function older(): ?Html
    {
        $next = $this->list->get('data', 'next');
        if (!is_int($next)) {
            return null;
        }
        $query = http_build_query(['before' => $next, 'most' => $this->query->most] + ($this->isOfAll() ? ['owner' => 'all'] : []));
        return Html::of('p', [], Html::of('a', ['href' => $this->pages->path(MyExports::PATH . "?$query"), 'rel' => 'next'], $this->texts->of('mine.older')));
    }

    private function time(Answer $export, string $name): Html|string
    {
        $time = $export->text($name);
        return $time === '' ? '–' : Html::of('time', ['datetime' => $time], $this->texts->moment($time));
    }

    private static function number(Answer $export, string $name): int
    {
        $number = $export->get($name);
        return is_int($number) ? $number : 0;
    }
}
