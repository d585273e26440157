<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

/**
 * What a form, or a link to it, was filled in with: names and values as PHP reads them of a form.
 */
final readonly class Form
{
    /** Of large_dataset_options. */
    private const DELIVERY = ['strategy', 'chunk_size'];

    /** @param array<array-key, mixed> $values */
    public function __construct(private array $values) {}

    /**
     * The form that would ask for the same as a request does.
     *
     * @param array<array-key, mixed> $request
     */
    public static function of(array $request): self
    {
        $values = ['export_type' => $request['export_type'] ?? '', 'format' => $request['format'] ?? ''];
        foreach (['program_id', 'template', 'filters', 'options'] as $name) {
            $values[$name] = self::written($request[$name] ?? '');
        }
        $delivery = is_array($request['large_dataset_options'] ?? null) ? $request['large_dataset_options'] : [];
        $shared = is_array($request['delivery_options'] ?? null) ? $request['delivery_options'] : [];
        $values['mail'] = self::written($shared['email_notification'] ?? $delivery['email_notification'] ?? '');
        foreach (self::DELIVERY as $name) {
            $values[$name] = self::written($delivery[$name] ?? '');
        }
        $fields = is_array($request['fields'] ?? null) ? $request['fields'] : [];
        foreach (array_values($fields) as $place => $field) {
            $name = is_array($field) ? $field['field'] ?? '' : $field;
            if (is_string($name) && $name !== '') {
                $values['columns'][] = $name;
                $values['places'][$name] = (string) ($place + 1);
                $values['headers'][$name] = is_array($field) ? $field['header'] ?? '' : '';
            }
        }
        return new self($values);
    }

    /** A value as a form has it: all texts, a box that is ticked "on". */
    private static function written(mixed $value): mixed
    {
        return match (true) {
            is_array($value) => array_map(self::written(...), $value),
            is_bool($value) => $value ? 'on' : '',
            is_int($value), is_float($value) => (string) $value,
            default => $value,
        };
    }

    /** The text at a path; empty: none. */
    public function text(string ...$path): string
    {
        $value = $this->at(...$path);
        return is_string($value) ? trim($value) : '';
    }

    /** @return list<string> the texts at a path, one or many */
    public function texts(string ...$path): array
    {
        $value = $this->at(...$path);
        return array_values(array_filter(is_array($value) ? $value : [$value], is_string(...)));
    }

    /**
     * As a request for an export (docs/request.schema.json); what is empty is left out.
     *
     * @param null|string $address where mail goes, if the form asks for it; null: none does
     * @return array<string, mixed>
     */
    public function request(?string $address = null): array
    {
        $request = ['export_type' => $this->text('export_type')];
        foreach (['program_id', 'format'] as $name) {
            $request[$name] = $this->text($name);
        }
        $request['fields'] = $this->fields();
        $request['template'] = $request['fields'] === [] ? $this->text('template') : 'custom';
        $request['filters'] = self::filled($this->at('filters'));
        $request['options'] = $this->options();
        $delivery = [];
        foreach (self::DELIVERY as $name) {
            $delivery[$name] = $this->text($name);
        }
        $request['large_dataset_options'] = array_filter($delivery, self::isFilled(...));
        if ($address !== null && $this->text('mail') === 'on') {
            $request['delivery_options'] = ['email_notification' => true, 'email_address' => $address];
        }
        return array_filter($request, self::isFilled(...));
    }

    /** @return list<array{field: string, header?: string}> the columns that are ticked, in the order of their places */
    private function fields(): array
    {
        $fields = [];
        foreach ($this->texts('columns') as $number => $name) {
            $header = $this->text('headers', $name);
            $place = $this->text('places', $name);
            // those without a place come behind, as they stand in the form
            $fields[] = [ctype_digit($place) ? (int) $place : PHP_INT_MAX, $number, $name, $header];
        }
        sort($fields);
        return array_map(
            static fn(array $field): array => ['field' => $field[2]] + ($field[3] === '' ? [] : ['header' => $field[3]]),
            $fields,
        );
    }

    /** @return array<string, bool|string> a box that is ticked is "on" */
    private function options(): array
    {
        $options = [];
        $given = $this->at('options');
        foreach (is_array($given) ? $given : [] as $name => $value) {
            if (is_string($value) && $value !== '') {
                $options[(string) $name] = $value === 'on' ? true : $value;
            }
        }
        return $options;
    }

    private static function filled(mixed $value): mixed
    {
        if (!is_array($value)) {
            return is_string($value) ? trim($value) : $value;
        }
        $filled = array_filter(array_map(self::filled(...), $value), self::isFilled(...));
        return array_is_list($value) ? array_values($filled) : $filled;
    }

    private static function isFilled(mixed $value): bool
    {
        return $value !== '' && $value !== [] && $value !== null;
    }

    private function at(string ...$path): mixed
    {
        $value = $this->values;
        foreach ($path as $key) {
            $value = is_array($value) ? $value[$key] ?? null : null;
        }
        return $value;
    }
}
