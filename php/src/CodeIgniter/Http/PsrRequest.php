<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Http;

use CodeIgniter\HTTP\Header;
use CodeIgniter\HTTP\IncomingRequest;
use Psr\Http\Message\ServerRequestFactoryInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * CodeIgniter's request as PSR-7 has it.
 */
final class PsrRequest
{
    public static function of(
        IncomingRequest $request,
        ServerRequestFactoryInterface&StreamFactoryInterface $factory,
    ): ServerRequestInterface {
        $server = $request->getServer();
        $psr = $factory->createServerRequest(
            $request->getMethod(),
            (string) $request->getUri(),
            is_array($server) ? $server : [],
        );
        foreach ($request->headers() as $name => $header) {
            foreach (is_array($header) ? $header : [$header] as $one) {
                $psr = self::with($psr, (string) $name, $one);
            }
        }
        $body = $request->getBody();
        return $psr->withHeader('Accept-Language', $request->getLocale())
            ->withQueryParams(self::list($request->getGet()))
            ->withCookieParams(self::list($request->getCookie()))
            ->withParsedBody(self::isForm($psr) ? self::list($request->getPost()) : null)
            ->withBody($factory->createStream(is_string($body) ? $body : ''));
    }

    private static function with(ServerRequestInterface $psr, string $name, Header $header): ServerRequestInterface
    {
        try {
            return $psr->withHeader($name, $header->getValueLine());
        } catch (\InvalidArgumentException) {
            return $psr; // no header that HTTP knows: nothing here looks at it
        }
    }

    private static function isForm(ServerRequestInterface $psr): bool
    {
        return preg_match(
            '#^(application/x-www-form-urlencoded|multipart/form-data) *(;|$)#Di',
            $psr->getHeaderLine('Content-Type'),
        ) === 1;
    }

    /** @return array<array-key, mixed> */
    private static function list(mixed $values): array
    {
        return is_array($values) ? $values : [];
    }
}
