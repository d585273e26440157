<?php

declare(strict_types=1);

namespace Ybb\Admin;

use Ybb\Export\Pages\Html;

/**
 * A list with its filters, and the button that carries them over into the form for an export.
 */
final readonly class ListPage
{
    /**
     * @param array<string, string> $given values of filters, by path
     * @param list<list<string>> $rows
     */
    public function __construct(
        private string $name,
        private array $given,
        private int $page,
        private int $count,
        private array $rows,
        private ?int $program,
    ) {}

    public function main(): Html
    {
        return Html::all(
            Html::of('h1', [], Lists::title($this->name)),
            $this->filters(),
            Html::of('p', ['id' => 'count', 'role' => 'status'], number_format($this->count) . ' rows'),
            Html::of('p', [], Html::of('a', ['class' => 'button', 'href' => $this->export()], 'Export these')),
            $this->table(),
            $this->pages(),
        );
    }

    private function export(): string
    {
        $query = ['export_type' => $this->name] + ($this->program === null ? [] : ['program_id' => $this->program]);
        return '/exports/new?' . http_build_query($query + ['filters' => self::nested($this->given)]);
    }

    private function filters(): Html
    {
        $fields = [];
        foreach (Lists::filters($this->name) as $path => $filter) {
            $id = 'f-' . strtr($path, '._', '--');
            $parts = explode('.', $path);
            $name = 'filters[' . implode('][', $parts) . ']';
            $fields[] = Html::of('div', ['class' => 'field'], Html::of('label', ['for' => $id], $filter['label']), isset($filter['choices'])
                ? self::select($id, $name, $filter['choices'], $this->given[$path] ?? '')
                : Html::of('input', ['id' => $id, 'name' => $name, 'type' => $filter['type'] ?? 'text', 'value' => $this->given[$path] ?? '']));
        }
        $button = Html::of('button', ['type' => 'submit', 'class' => 'secondary'], 'Filter');
        return Html::of('form', ['method' => 'get', 'class' => 'filters', 'role' => 'search'], ...[...$fields, $button]);
    }

    /** @param array<array-key, string> $choices */
    private static function select(string $id, string $name, array $choices, string $chosen): Html
    {
        $options = [Html::of('option', ['value' => ''], 'Any')];
        foreach ($choices as $value => $label) {
            $options[] = Html::of('option', ['value' => $value, 'selected' => (string) $value === $chosen], $label);
        }
        return Html::of('select', ['id' => $id, 'name' => $name], ...$options);
    }

    private function table(): Html
    {
        $columns = Lists::columns($this->name);
        $heads = array_map(static fn(string $column): Html => Html::of('th', ['scope' => 'col'], $column), $columns);
        $rows = [];
        foreach ($this->rows as $row) {
            $cells = [];
            foreach ($row as $number => $cell) {
                $cells[] = Html::of('td', ['data-label' => $columns[$number]], $cell);
            }
            $rows[] = Html::of('tr', [], ...$cells);
        }
        return Html::of('table', ['class' => 'list'], Html::of('thead', [], Html::of('tr', [], ...$heads)), Html::of('tbody', [], ...$rows));
    }

    private function pages(): Html
    {
        $link = fn(int $page, string $text): Html => Html::of(
            'a',
            ['href' => "/$this->name?" . http_build_query(['page' => $page, 'filters' => self::nested($this->given)])],
            $text,
        );
        return Html::of(
            'p',
            [],
            $this->page > 1 ? $link($this->page - 1, 'Newer') : null,
            ' ',
            $this->page * Lists::PAGE < $this->count ? $link($this->page + 1, 'Older') : null,
        );
    }

    /**
     * @param array<string, string> $given
     * @return array<string, array<string, string>|string>
     */
    private static function nested(array $given): array
    {
        $nested = [];
        foreach (array_filter($given, static fn(string $value): bool => $value !== '') as $path => $value) {
            [$name, $key] = explode('.', $path) + [1 => null];
            if ($key === null) {
                $nested[$name] = $value;
            } else {
                $nested[$name] = [$key => $value] + (is_array($nested[$name] ?? null) ? $nested[$name] : []);
            }
        }
        return $nested;
    }
}
