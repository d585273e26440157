<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ServerRequestInterface;

/**
 * What tells one state of a file from another, and what a request makes of it (RFC 9110, 13).
 */
final readonly class Validators
{
    private const DATE = 'D, d M Y H:i:s \G\M\T';

    public string $lastModified;

    /** @param string $etag strong, with its quotes */
    public function __construct(public string $etag, private int $modified)
    {
        $this->lastModified = gmdate(self::DATE, $modified);
    }

    /** 412 or 304 where the request's conditions say so; 200: go on. In the order of RFC 9110, 13.2.2. */
    public function status(ServerRequestInterface $request): int
    {
        if (!$this->isAsTheClientKnows($request)) {
            return 412;
        }
        return $this->isNewToTheClient($request) ? 200 : 304;
    }

    /** Whether a Range is to be heeded: the client has the beginning of this very file. */
    public function allowRange(ServerRequestInterface $request): bool
    {
        $condition = $request->getHeaderLine('If-Range');
        // a file never changes under its name within a second, so its date is as strong as its tag
        return $condition === '' || $condition === $this->etag || $condition === $this->lastModified;
    }

    private function isAsTheClientKnows(ServerRequestInterface $request): bool
    {
        if ($request->hasHeader('If-Match')) {
            return $this->isListed($request->getHeaderLine('If-Match'), false);
        }
        $since = self::date($request->getHeaderLine('If-Unmodified-Since'));
        return $since === null || $this->modified <= $since;
    }

    private function isNewToTheClient(ServerRequestInterface $request): bool
    {
        if ($request->hasHeader('If-None-Match')) {
            return !$this->isListed($request->getHeaderLine('If-None-Match'), true);
        }
        $since = self::date($request->getHeaderLine('If-Modified-Since'));
        return $since === null || $this->modified > $since;
    }

    private function isListed(string $list, bool $weakly): bool
    {
        if (trim($list) === '*') {
            return true;
        }
        preg_match_all('#(W/)?("[^"]*")#', $list, $tags, PREG_SET_ORDER);
        foreach ($tags as [, $weak, $tag]) {
            if ($tag === $this->etag && ($weakly || $weak === '')) {
                return true;
            }
        }
        return false;
    }

    /** One of RFC 9110's formats; null: none, and the condition is as if it were not there. */
    private static function date(string $text): ?int
    {
        foreach ([self::DATE, 'l, d-M-y H:i:s \G\M\T', 'D M j H:i:s Y'] as $format) {
            // asctime() has two blanks before a day of one digit
            $text = (string) preg_replace('/ +/', ' ', $text);
            $date = \DateTimeImmutable::createFromFormat('!' . $format, $text, new \DateTimeZone('UTC'));
            if ($date !== false) {
                return $date->getTimestamp();
            }
        }
        return null;
    }
}
