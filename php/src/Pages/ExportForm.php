<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Ybb\Export\Answer;
use Ybb\Export\Auth\Identity;

/**
 * The form for an export of one type. What can be chosen is what the library's answer about templates says,
 * so a type of the installation's own has its form, too.
 */
final readonly class ExportForm
{
    private const INPUTS = ['integer' => 'number', 'decimal' => 'number', 'date' => 'date', 'datetime' => 'date'];

    private Fields $fields;

    public function __construct(private Texts $texts, private Answer $catalog, private string $type, private Form $form)
    {
        $this->fields = new Fields($form);
    }

    /** The types there are, as links to their forms. */
    public function types(string $path): Html
    {
        $links = [];
        foreach ($this->list('export_types') as $name => $type) {
            $title = $this->texts->pick(is_array($type) ? $type['title'] ?? null : null);
            $here = (string) $name === $this->type ? 'page' : null;
            $href = $path . '?' . http_build_query(['export_type' => $name]);
            $links[] = Html::of('li', [], Html::of('a', ['href' => $href, 'aria-current' => $here], $title));
        }
        return Html::of('nav', ['aria-label' => $this->texts->of('new.type')], Html::of('ul', ['class' => 'types'], ...$links));
    }

    public function fields(Identity $user): Html
    {
        return Html::all(
            Html::of('input', ['type' => 'hidden', 'name' => 'export_type', 'value' => $this->type]),
            $this->program($user),
            $this->fields->select($this->texts->of('new.format'), 'format', $this->texts('new.format', ['excel', 'csv', 'pdf']), 'format'),
            $this->fields->select($this->texts->of('new.template'), 'template', $this->templates(), 'template'),
            $this->columns(),
            $this->group('new.filters', ...$this->filters()),
            $this->more(),
            $this->mail($user),
        );
    }

    /** A sheet that only a workbook has. */
    private function sheet(string $name): Html
    {
        return $this->fields->box($this->texts->called($name), "options[$name]", 'on', $this->form->text('options', $name) === 'on');
    }

    private function program(Identity $user): ?Html
    {
        if ($this->of('has_programs') !== true) {
            return null;
        }
        if ($user->programs === null) {
            $attributes = ['min' => 1, 'placeholder' => $this->texts->of('new.programs.all')];
            return $this->fields->input($this->texts->of('new.program'), 'number', 'program_id', $attributes, 'program_id');
        }
        $programs = array_combine($user->programs, array_map(strval(...), $user->programs));
        return $this->fields->select($this->texts->of('new.program'), 'program_id', $programs, 'program_id');
    }

    /** @return array<string, string> */
    private function templates(): array
    {
        $names = array_filter($this->items('templates'), is_string(...));
        return array_combine($names, array_map($this->texts->called(...), $names));
    }

    private function columns(): Html
    {
        $chosen = $this->form->texts('columns');
        $rows = [];
        foreach ($this->inOrder($chosen) as $name => $label) {
            $rows[] = Html::of(
                'tr',
                [],
                Html::of('td', [], $this->fields->box($label, 'columns[]', $name, in_array($name, $chosen, true))),
                Html::of('td', [], $this->small('number', "places[$name]", 'new.columns.order.of', $label, 'places', $name)),
                Html::of('td', [], $this->small('text', "headers[$name]", 'new.columns.name.of', $label, 'headers', $name)),
                // without a script the places do the same
                Html::of('td', ['class' => 'moves', 'hidden' => true], $this->move('up', '↑', $label), $this->move('down', '↓', $label)),
            );
        }
        $heads = array_map(fn(string $text): Html => Html::of('th', ['scope' => 'col'], $this->texts->of($text)), [
            'new.columns.column', 'new.columns.order', 'new.columns.name',
        ]);
        return Html::of(
            'details',
            ['open' => $chosen !== []],
            Html::of('summary', [], $this->texts->of('new.columns')),
            Html::of('p', [], $this->texts->of('new.columns.help')),
            Html::of('table', ['id' => 'columns'], Html::of('thead', [], Html::of('tr', [], ...$heads)), Html::of('tbody', [], ...$rows)),
        );
    }

    /**
     * The columns of the type: those that are chosen in front, by their places.
     *
     * @param list<string> $chosen
     * @return array<string, string> labels by name
     */
    private function inOrder(array $chosen): array
    {
        $labels = $places = [];
        foreach ($this->items('fields') as $field) {
            [$name, $label] = $this->named($field, 'header');
            $place = $this->form->text('places', $name);
            $labels[$name] = $label;
            $places[] = match (true) {
                !in_array($name, $chosen, true) => PHP_INT_MAX,
                ctype_digit($place) => min((int) $place, PHP_INT_MAX - 1),
                default => PHP_INT_MAX - 1,
            };
        }
        $names = array_keys($labels);
        $positions = array_keys($names);
        array_multisort($places, $positions, $names);
        return array_combine($names, array_map(static fn(string $name): string => $labels[$name], $names));
    }

    private function move(string $direction, string $sign, string $column): Html
    {
        $says = $this->texts->of("new.columns.$direction", ['column' => $column]);
        return Html::of('button', ['type' => 'button', 'data-move' => $direction, 'class' => 'secondary', 'aria-label' => $says], $sign);
    }

    /** An input of a table: its label is its column's and its row's together. */
    private function small(string $type, string $name, string $text, string $column, string ...$path): Html
    {
        return Html::of('input', [
            'type' => $type,
            'name' => $name,
            'min' => $type === 'number' ? 1 : null,
            'maxlength' => $type === 'text' ? 255 : null,
            'value' => $this->form->text(...$path),
            'aria-label' => $this->texts->of($text, ['column' => $column]),
            'placeholder' => $this->texts->of(substr($text, 0, -strlen('.of'))),
        ]);
    }

    /** @return list<Html> */
    private function filters(): array
    {
        $fields = [];
        foreach ($this->items('filters') as $filter) {
            [$name] = $this->named($filter, 'label');
            $filter = is_array($filter) ? $filter : [];
            $type = self::INPUTS[is_string($filter['type'] ?? null) ? $filter['type'] : ''] ?? 'text';
            $step = ($filter['type'] ?? '') === 'decimal' ? ['step' => 'any'] : [];
            $values = $this->labels($filter['values'] ?? []);
            // the column of its name may show names where the filter takes their numbers
            $ofNumber = $type === 'number' && $values === [] ? $this->texts->known($name) : null;
            $label = $ofNumber ?? $this->ofField($name) ?? $this->texts->called($name);
            $keys = array_filter(is_array($filter['keys'] ?? null) ? $filter['keys'] : [], is_string(...));
            if ($values !== []) {
                $fields[] = $this->fields->boxes($label, "filters[$name]", $values, 'filters', $name);
            } elseif ($keys !== []) {
                foreach ($keys as $key) {
                    $text = $this->texts->of("filter.$key", ['filter' => $label]);
                    $fields[] = $this->fields->input($text, $type, "filters[$name][$key]", $step, 'filters', $name, $key);
                }
            } else {
                $fields[] = $this->fields->input($label, $type, "filters[$name]", $step, 'filters', $name);
            }
        }
        $limit = $this->texts->of('new.limit');
        $fields[] = $this->fields->input($limit, 'number', 'filters[limit]', ['min' => 1], 'filters', 'limit');
        return $fields;
    }

    private function more(): Html
    {
        $sortable = ['' => $this->texts->of('new.sort.none')];
        foreach ($this->items('fields') as $field) {
            [$name, $label] = $this->named($field, 'header');
            if (is_array($field) && ($field['sortable'] ?? false) === true) {
                $sortable[$name] = $label;
            }
        }
        $strategies = $this->texts('new.strategy', ['auto', 'single', 'compressed', 'multi_file']);
        $options = [];
        foreach ($this->items('options') as $option) {
            [$name] = $this->named($option, 'label');
            $choices = is_array($option) && is_array($option['choices'] ?? null) ? array_filter($option['choices'], is_string(...)) : [];
            $label = $this->texts->called($name);
            $options[] = $choices === []
                ? $this->fields->box($label, "options[$name]", 'on', $this->form->text('options', $name) === 'on')
                : $this->fields->select($label, "options[$name]", array_combine($choices, array_map($this->texts->called(...), $choices)), 'options', $name);
        }
        return $this->group(
            'new.options',
            $this->fields->select($this->texts->of('new.sort'), 'options[sort_by]', $sortable, 'options', 'sort_by'),
            $this->fields->select($this->texts->of('new.sort.order'), 'options[sort_order]', $this->texts('new.sort', ['asc', 'desc']), 'options', 'sort_order'),
            $this->fields->select($this->texts->of('new.language'), 'options[language]', ['en' => 'English', 'id' => 'Bahasa Indonesia'], 'options', 'language'),
            $this->fields->select($this->texts->of('new.strategy'), 'strategy', $strategies, 'strategy'),
            $this->fields->input($this->texts->of('new.chunk'), 'number', 'chunk_size', ['min' => 1], 'chunk_size'),
            ...$options,
            ...array_map($this->sheet(...), ['include_summary', 'include_about']),
        );
    }

    /** To the user's own address alone, and where mail can be sent at all. */
    private function mail(Identity $user): ?Html
    {
        if ($user->address === null || $this->catalog->get('email_notification') !== true) {
            return null;
        }
        $label = $this->texts->of('mail.wish', ['address' => $user->address]);
        return $this->fields->box($label, 'mail', 'on', $this->form->text('mail') === 'on');
    }

    private function group(string $legend, Html ...$fields): Html
    {
        return Html::of('details', ['open' => $legend === 'new.filters'], Html::of('summary', [], $this->texts->of($legend)), ...$fields);
    }

    /**
     * @param list<string> $names
     * @return array<string, string>
     */
    private function texts(string $prefix, array $names): array
    {
        return array_combine($names, array_map(fn(string $name): string => $this->texts->of("$prefix.$name"), $names));
    }

    /** What the column is called that a filter looks at; null: there is none of its name. */
    private function ofField(string $filter): ?string
    {
        foreach ($this->items('fields') as $field) {
            [$name, $label] = $this->named($field, 'header');
            if ($name === $filter) {
                return $label;
            }
        }
        return null;
    }

    /** @return array{string, string} the name of an entry of the catalog, and its label */
    private function named(mixed $entry, string $label): array
    {
        $name = is_array($entry) && is_string($entry['name'] ?? null) ? $entry['name'] : '';
        return [$name, $this->texts->pick(is_array($entry) ? $entry[$label] ?? null : null)];
    }

    /** @return array<string, string> */
    private function labels(mixed $values): array
    {
        $labels = [];
        foreach (is_array($values) ? $values : [] as $value) {
            if (is_array($value) && is_string($value['value'] ?? null)) {
                $labels[$value['value']] = $this->texts->pick($value['label'] ?? null);
            }
        }
        return $labels;
    }

    private function of(string $key): mixed
    {
        return $this->catalog->get('export_types', $this->type, $key);
    }

    /** @return array<array-key, mixed> */
    private function items(string $key): array
    {
        return $this->list('export_types', $this->type, $key);
    }

    /** @return array<array-key, mixed> */
    private function list(string ...$path): array
    {
        $list = $this->catalog->get(...$path);
        return is_array($list) ? $list : [];
    }
}
