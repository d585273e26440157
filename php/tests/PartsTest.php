<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Ybb\Export\Answer;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Http\ByteRange;
use Ybb\Export\Http\ContentDisposition;
use Ybb\Export\Http\FileBody;
use Ybb\Export\Http\SendFile;
use Ybb\Export\Http\StatusCode;
use Ybb\Export\Settings;

/**
 * What needs no handler around it.
 */
final class PartsTest extends TestCase
{
    /** @return list<array{string, int, null|array{int, int, string}}> header, size, and first, length, Content-Range */
    public static function ranges(): array
    {
        return [
            ['bytes=0-', 10, [0, 10, 'bytes 0-9/10']],
            ['bytes=9-9', 10, [9, 1, 'bytes 9-9/10']],
            ['bytes=9-99', 10, [9, 1, 'bytes 9-9/10']],
            ['bytes=10-', 10, [10, 0, 'bytes */10']],
            ['bytes=-3', 10, [7, 3, 'bytes 7-9/10']],
            ['bytes=-99', 10, [0, 10, 'bytes 0-9/10']],
            ['bytes=-0', 10, [10, 0, 'bytes */10']],
            ['bytes=0-', 0, [0, 0, 'bytes */0']],
            ['bytes=000-00001', 10, [0, 2, 'bytes 0-1/10']],
            ['bytes=5-4', 10, null],
            ['bytes=-', 10, null],
            ['bytes=1-2,4-5', 10, null],
            ['bytes=a-b', 10, null],
            ['bytes=1-2x', 10, null],
            ["bytes=1-2\n", 10, null],
            ['rows=1-2', 10, null],
            ['bytes=99999999999999999999-', 10, null],
            ['', 10, null],
        ];
    }

    /** @param null|array{int, int, string} $expected */
    #[DataProvider('ranges')]
    public function testARangeIsPartOfAFileOrIgnored(string $header, int $size, ?array $expected): void
    {
        $range = ByteRange::of($header, $size);
        self::assertSame($expected, $range === null ? null : [$range->first, $range->length, $range->contentRange()]);
    }

    /** @return list<array{string, string, string}> */
    public static function names(): array
    {
        return [
            ['a.csv', 'a.csv', 'a.csv'],
            ['peserta – Ägypten.xlsx', 'peserta _ _gypten.xlsx', 'peserta%20%E2%80%93%20%C3%84gypten.xlsx'],
            ['a"b%41\\c/d.csv', 'a_b_41_c_d.csv', 'a%22b%2541_c_d.csv'],
            ["a\r\nX-Evil: 1", 'a__X-Evil: 1', 'a__X-Evil%3A%201'],
            ["\xff.csv", '_.csv', '%FF.csv'],
        ];
    }

    #[DataProvider('names')]
    public function testANameIsToldToOldClientsAndNewOnes(string $name, string $ascii, string $encoded): void
    {
        self::assertSame(
            "attachment; filename=\"$ascii\"; filename*=UTF-8''$encoded",
            ContentDisposition::attachment($name),
        );
    }

    public function testEveryErrorOfTheLibraryHasAStatus(): void
    {
        if (!extension_loaded('ybb_export')) {
            self::markTestSkipped('needs the extension ybb_export');
        }
        $statuses = [];
        foreach (get_defined_constants(true)['ybb_export'] ?? [] as $name => $value) {
            if (is_int($value) && $value > 0) {
                $statuses[StatusCode::ofCode(substr((string) $name, strlen('YBB_')))][] = substr((string) $name, strlen('YBB_'));
            }
        }
        array_walk($statuses, sort(...));
        ksort($statuses);
        self::assertSame([
            400 => ['INVALID_CATALOG', 'INVALID_JSON', 'INVALID_TYPE', 'INVALID_VALUE', 'MISSING_KEY', 'UNKNOWN_EXPORT_TYPE',
                'UNKNOWN_FIELD', 'UNKNOWN_FILTER', 'UNKNOWN_KEY', 'UNKNOWN_TEMPLATE', 'UNSUPPORTED'],
            403 => ['LINK_INVALID'],
            404 => ['NOT_FOUND'],
            409 => ['CANCELLED', 'NOT_READY', 'NOT_RESUMABLE'],
            410 => ['EXPIRED', 'LINK_EXPIRED'],
            413 => ['TOO_LARGE'],
            429 => ['OWNER_LIMIT', 'QUEUE_FULL'],
            500 => ['FORKED', 'INTERNAL', 'INVALID_CONFIG', 'MAIL_DEFERRED', 'MAIL_INSECURE', 'MAIL_REFUSED', 'MAIL_UNAVAILABLE',
                'MEMORY_LIMIT', 'MISUSE', 'OUTPUT_CORRUPT', 'OUTPUT_DENIED',
                'OUTPUT_ERROR', 'OUTPUT_MISSING', 'OWNER_DIED', 'SOURCE_ERROR', 'SOURCE_REFUSED', 'SOURCE_SCHEMA', 'TIMEOUT'],
            503 => ['LEASE_LOST', 'NO_MEMORY', 'OUTPUT_FULL', 'SOURCE_BUSY', 'SOURCE_CHANGED', 'SOURCE_LOST', 'SOURCE_SHORT',
                'SOURCE_TIMEOUT', 'SOURCE_UNAVAILABLE', 'STORE_ERROR'],
        ], $statuses);
    }

    public function testAnIdentityIsAnOwnerThatTheLibraryTakes(): void
    {
        self::assertSame('José', (new Identity('José'))->id);
        foreach (['', "a\n", "a\0", "\xff", str_repeat('x', 201)] as $id) {
            try {
                new Identity($id);
                self::fail('taken: ' . bin2hex($id));
            } catch (\InvalidArgumentException) {
            }
        }
    }

    public function testABaseUrlIsAnAddressOfAServer(): void
    {
        self::assertSame('/a/b', (new Settings('https://x.example/a/b/'))->path);
        self::assertSame('', (new Settings('http://x.example:8080'))->path);
        foreach (['', '/a', 'ftp://x.example', 'https://', 'https://x.example?a', 'https://x.example/#a', 'x.example'] as $url) {
            try {
                new Settings($url);
                self::fail("taken: $url");
            } catch (\InvalidArgumentException) {
            }
        }
    }

    public function testNginxNeedsAFolderAndALocation(): void
    {
        $this->expectException(\InvalidArgumentException::class);
        new Settings('https://x.example', SendFile::XAccel, '/srv');
    }

    public function testAFileThatBecameShorterIsNoSuccess(): void
    {
        $file = fopen('php://memory', 'w+b');
        self::assertIsResource($file);
        fwrite($file, 'abc');
        rewind($file);
        $body = new FileBody($file, 0, 5);
        self::assertSame('abc', $body->read(10));
        $this->expectException(\RuntimeException::class);
        $body->read(10);
    }

    public function testAnswersKeepTheirNumbersAndObjects(): void
    {
        $answer = new Answer(['status' => 'success', 'templates' => [], 'metadata' => ['filters_applied' => [], 'warnings' => []], 'x' => 100.0]);
        self::assertSame(
            '{"status":"success","templates":{},"metadata":{"filters_applied":{},"warnings":[]},"x":100.0}',
            $answer->toJson(),
        );
    }
}
