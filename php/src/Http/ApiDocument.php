<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

/**
 * The OpenAPI document: resources/endpoints.json, with the schemas that it refers to. There,
 * {"$ref": "answer.schema.json#/$defs/success"} becomes "#/components/schemas/answer.success", so that the
 * document needs no other file.
 */
final class ApiDocument
{
    private const ENDPOINTS = __DIR__ . '/../../resources/endpoints.json';
    /** Where schemas are: in a package that stands alone, and in the repository. */
    private const SCHEMAS = [__DIR__ . '/../../resources/', __DIR__ . '/../../../docs/'];

    /** @var array<string, \stdClass> by file name */
    private array $files = [];
    /** @var array<string, mixed> by their names in the document */
    private array $schemas = [];

    private function __construct() {}

    public static function at(string $baseUrl): \stdClass
    {
        $self = new self();
        $document = self::read(self::ENDPOINTS);
        $document = $self->object($document, '');
        $document->servers = [(object) ['url' => $baseUrl]];
        $components = $document->components;
        assert($components instanceof \stdClass);
        ksort($self->schemas);
        $components->schemas = (object) $self->schemas;
        return $document;
    }

    private static function read(string $path): \stdClass
    {
        $document = json_decode((string) file_get_contents($path), false, 512, JSON_THROW_ON_ERROR);
        return $document instanceof \stdClass ? $document : throw new \RuntimeException("$path is no JSON object");
    }

    private static function schemas(string $name): \stdClass
    {
        foreach (self::SCHEMAS as $folder) {
            if (is_file($folder . $name)) {
                return self::read($folder . $name);
            }
        }
        throw new \RuntimeException("The package has no resources/$name");
    }

    /** A copy whose references lead to this document. @param string $file what they lead from; empty: itself */
    private function follow(mixed $node, string $file): mixed
    {
        return match (true) {
            is_array($node) => array_map(fn(mixed $item): mixed => $this->follow($item, $file), $node),
            $node instanceof \stdClass => $this->object($node, $file),
            default => $node,
        };
    }

    private function object(\stdClass $node, string $file): \stdClass
    {
        $copy = new \stdClass();
        foreach (get_object_vars($node) as $key => $value) {
            $copy->$key = $key === '$ref' && is_string($value)
                ? $this->reference($value, $file) : $this->follow($value, $file);
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
            $this->files[$of] ??= self::schemas($of);
            $this->schemas[$name] = $this->object(self::part($this->files[$of], $steps), $of);
        }
        return "#/components/schemas/$name";
    }

    /** @param list<string> $steps */
    private static function part(\stdClass $node, array $steps): \stdClass
    {
        $part = $node;
        foreach ($steps as $step) {
            $part = $part instanceof \stdClass ? $part->$step ?? null : null;
        }
        if (!$part instanceof \stdClass) {
            throw new \RuntimeException('There is no schema at ' . implode('/', $steps));
        }
        $part = clone $part;
        unset($part->{'$schema'}, $part->{'$defs'});
        return $part;
    }
}
