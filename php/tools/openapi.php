<?php

/*
 * Prints the OpenAPI document: resources/endpoints.json, with the schemas of docs/ that it refers to.
 *
 *     php tools/openapi.php >resources/openapi.json
 *
 * There, {"$ref": "answer.schema.json#/$defs/success"} becomes "#/components/schemas/answer.success", so that
 * the document needs no other file.
 */

declare(strict_types=1);

final class OpenApiBundle
{
    private const SCHEMAS = __DIR__ . '/../../docs/';
    private const COLUMNS = 100;
    private const FLAGS = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;

    /** @var array<string, stdClass> by file name */
    private array $files = [];
    /** @var array<string, mixed> by their names in the document */
    private array $schemas = [];

    public function of(string $path): string
    {
        $document = $this->follow(self::read($path), '');
        ksort($this->schemas);
        $document->components->schemas = (object) $this->schemas;
        return self::show($document, '') . "\n";
    }

    private static function read(string $path): stdClass
    {
        return json_decode((string) file_get_contents($path), false, 512, JSON_THROW_ON_ERROR);
    }

    /** A copy whose references lead to this document. @file: what they lead from; empty: the document itself. */
    private function follow(mixed $node, string $file): mixed
    {
        if (is_array($node)) {
            return array_map(fn(mixed $item): mixed => $this->follow($item, $file), $node);
        }
        if (!$node instanceof stdClass) {
            return $node;
        }
        $copy = new stdClass();
        foreach (get_object_vars($node) as $key => $value) {
            $copy->$key = $key === '$ref' ? $this->reference($value, $file) : $this->follow($value, $file);
        }
        return $copy;
    }

    private function reference(string $reference, string $file): string
    {
        if ($file === '' && str_starts_with($reference, '#')) {
            return $reference;
        }
        [$of, $pointer] = explode('#', $reference, 2) + [1 => ''];
        $of = $of === '' ? $file : $of;
        $steps = array_slice(explode('/', $pointer), 1);
        $name = implode('.', [strstr($of, '.', true), ...array_diff($steps, ['$defs', 'properties'])]);
        if (!array_key_exists($name, $this->schemas)) {
            $this->schemas[$name] = null; // while it is followed, for it may lead to itself
            $this->files[$of] ??= self::read(self::SCHEMAS . $of);
            $this->schemas[$name] = $this->follow(self::at($this->files[$of], $steps), $of);
        }
        return "#/components/schemas/$name";
    }

    /** @param list<string> $steps */
    private static function at(stdClass $node, array $steps): stdClass
    {
        foreach ($steps as $step) {
            $node = $node->$step;
        }
        $node = clone $node;
        unset($node->{'$schema'}, $node->{'$defs'});
        return $node;
    }

    /** As docs/ has its schemas: on one line what fits there. */
    private static function show(mixed $node, string $margin): string
    {
        if (!is_array($node) && !$node instanceof stdClass) {
            return json_encode($node, self::FLAGS);
        }
        $line = self::items($node, '', ', ');
        if (strlen($margin . $line) <= self::COLUMNS && $margin !== '') {
            return $line;
        }
        return self::items($node, "\n$margin  ", ',', "\n$margin");
    }

    /** @param array<mixed>|stdClass $node */
    private static function items(array|stdClass $node, string $before, string $between, string $end = ''): string
    {
        [$open, $close] = is_array($node) ? ['[', ']'] : ['{', '}'];
        $margin = ltrim($before, "\n");
        $items = [];
        foreach ($node as $key => $value) {
            $shown = $before === '' && (is_array($value) || $value instanceof stdClass)
                ? self::items($value, '', ', ') : self::show($value, $margin);
            $items[] = $before . (is_array($node) ? '' : json_encode((string) $key, self::FLAGS) . ': ') . $shown;
        }
        return $items === [] ? $open . $close : $open . implode($between, $items) . $end . $close;
    }
}

echo (new OpenApiBundle())->of($argv[1] ?? __DIR__ . '/../resources/endpoints.json');
