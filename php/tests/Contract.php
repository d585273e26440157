<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use Opis\JsonSchema\Errors\ErrorFormatter;
use Opis\JsonSchema\Validator;
use PHPUnit\Framework\Assert;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Http\ApiDocument;

/**
 * Responses are as the OpenAPI document says.
 */
final class Contract
{
    private const ID = 'https://test.invalid/openapi.json';

    private static ?Validator $validator = null;
    private static ?\stdClass $document = null;

    public static function document(): \stdClass
    {
        return self::$document ??= ApiDocument::at('/');
    }

    /** @param string $path of the request, behind the base URL */
    public static function hold(ServerRequestInterface $request, string $path, ResponseInterface $response): void
    {
        $status = (string) $response->getStatusCode();
        if ($status === '405') {
            return; // of an operation that there is none of
        }
        $pointer = self::operation($request->getMethod(), $path);
        if ($pointer === null) {
            Assert::assertSame('404', $status, "{$request->getMethod()} $path is in no document");
            return;
        }
        $told = self::resolve("$pointer/responses/$status");
        Assert::assertNotNull($told, "$status of {$request->getMethod()} $path is not in the document");
        self::headers($told, $response);
        $type = explode(';', $response->getHeaderLine('Content-Type'))[0];
        if ($type !== '') {
            Assert::assertNotNull(self::resolve("$told/content/" . str_replace('/', '~1', $type)), "$type of $path");
        }
        $body = $response->getBody();
        if ($type === 'application/json' && $body->getSize() > 0) {
            $body->rewind();
            self::valid(json_decode($body->getContents(), false, 512, JSON_THROW_ON_ERROR), "$told/content/application~1json/schema");
            $body->rewind();
        }
    }

    private static function headers(string $pointer, ResponseInterface $response): void
    {
        $headers = self::at("$pointer/headers");
        foreach ($headers instanceof \stdClass ? array_keys(get_object_vars($headers)) : [] as $name) {
            // where the web server sends the file, it makes these
            $handedOn = $response->hasHeader('X-Accel-Redirect') || $response->hasHeader('X-Sendfile');
            if ($handedOn && in_array($name, ['ETag', 'Last-Modified', 'Accept-Ranges'], true)) {
                continue;
            }
            $header = self::resolve("$pointer/headers/$name");
            Assert::assertNotNull($header);
            if ($response->hasHeader($name) || self::at("$header/required") === true) {
                self::valid($response->getHeaderLine($name), "$header/schema");
            }
        }
    }

    private static function valid(mixed $value, string $pointer): void
    {
        $validator = self::$validator ??= self::validator();
        $fragment = strtr($pointer, ['{' => '%7B', '}' => '%7D']);
        $result = $validator->validate($value, self::ID . "#$fragment");
        $error = $result->error();
        Assert::assertNull($error, $error === null ? '' : json_encode((new ErrorFormatter())->format($error), JSON_THROW_ON_ERROR));
    }

    private static function validator(): Validator
    {
        $validator = new Validator();
        $validator->resolver()?->registerRaw(self::document(), self::ID);
        return $validator;
    }

    /** The operation of an address; null: there is none. */
    private static function operation(string $method, string $path): ?string
    {
        $method = $method === 'HEAD' ? 'get' : strtolower($method);
        $paths = self::document()->paths;
        foreach ($paths instanceof \stdClass ? get_object_vars($paths) : [] as $pattern => $operations) {
            $expression = strtr(preg_quote($pattern, '#'), ['\{id\}' => 'exp_[a-z0-9]{26}', '\{batch\}' => '[1-9][0-9]{0,8}']);
            if (preg_match("#^$expression$#D", $path) === 1 && $operations instanceof \stdClass && isset($operations->$method)) {
                return '/paths/' . str_replace('/', '~1', $pattern) . "/$method";
            }
        }
        return null;
    }

    /** Where a pointer leads to in the end; null: nowhere. */
    private static function resolve(string $pointer): ?string
    {
        $node = self::at($pointer);
        $reference = $node instanceof \stdClass ? $node->{'$ref'} ?? null : null;
        return is_string($reference) ? self::resolve(substr($reference, 1)) : ($node === null ? null : $pointer);
    }

    private static function at(string $pointer): mixed
    {
        $node = self::document();
        foreach (array_slice(explode('/', $pointer), 1) as $step) {
            $step = strtr($step, ['~1' => '/', '~0' => '~']);
            $node = $node instanceof \stdClass ? $node->$step ?? null : null;
        }
        return $node;
    }
}
