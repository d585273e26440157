<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

/**
 * Fields of a form, each with its label, filled in as a form was.
 */
final readonly class Fields
{
    public function __construct(private Form $form) {}

    /** @param array<string, null|bool|int|string> $attributes */
    public function input(string $label, string $type, string $name, array $attributes = [], string ...$path): Html
    {
        $id = self::id($name);
        $attributes += ['id' => $id, 'type' => $type, 'name' => $name, 'value' => $this->form->text(...$path)];
        return self::field(Html::of('label', ['for' => $id], $label), Html::of('input', $attributes));
    }

    /** @param array<array-key, string> $choices labels by value */
    public function select(string $label, string $name, array $choices, string ...$path): Html
    {
        $id = self::id($name);
        $chosen = $this->form->text(...$path);
        $options = [];
        foreach ($choices as $value => $text) {
            $options[] = Html::of('option', ['value' => $value, 'selected' => (string) $value === $chosen], $text);
        }
        return self::field(
            Html::of('label', ['for' => $id], $label),
            Html::of('select', ['id' => $id, 'name' => $name], ...$options),
        );
    }

    /**
     * Boxes to tick, any number of them.
     *
     * @param array<array-key, string> $choices labels by value
     */
    public function boxes(string $legend, string $name, array $choices, string ...$path): Html
    {
        $chosen = $this->form->texts(...$path);
        $boxes = [];
        foreach ($choices as $value => $text) {
            $boxes[] = $this->box($text, "{$name}[]", (string) $value, in_array((string) $value, $chosen, true));
        }
        return Html::of('fieldset', [], Html::of('legend', [], $legend), ...$boxes);
    }

    public function box(string $label, string $name, string $value, bool $ticked): Html
    {
        $attributes = ['type' => 'checkbox', 'name' => $name, 'value' => $value, 'checked' => $ticked];
        return Html::of('label', ['class' => 'box'], Html::of('input', $attributes), " $label");
    }

    private static function field(Html ...$parts): Html
    {
        return Html::of('div', ['class' => 'field'], ...$parts);
    }

    private static function id(string $name): string
    {
        return 'f-' . trim((string) preg_replace('/[^a-z0-9]+/i', '-', $name), '-');
    }
}
