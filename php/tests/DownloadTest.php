<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\SendFile;
use Ybb\Export\Settings;

final class DownloadTest extends HandlerTestCase
{
    /** @param array<string, string> $headers */
    private function get(string $id, array $headers = [], string $method = 'GET'): ResponseInterface
    {
        return $this->send($method, "/api/export/$id/download", null, 'ana', $headers);
    }

    public function testAFileHasWhatABrokenDownloadNeeds(): void
    {
        $response = $this->get($this->export());
        $contents = (string) $response->getBody();
        self::assertSame(200, $response->getStatusCode());
        self::assertSame((string) strlen($contents), $response->getHeaderLine('Content-Length'));
        self::assertSame(21, substr_count($contents, "\r\n"));
        self::assertSame('text/csv; charset=utf-8', $response->getHeaderLine('Content-Type'));
        self::assertSame(
            'attachment; filename="participants_export.csv"; filename*=UTF-8\'\'participants_export.csv',
            $response->getHeaderLine('Content-Disposition'),
        );
        self::assertSame('bytes', $response->getHeaderLine('Accept-Ranges'));
        self::assertMatchesRegularExpression('/^"exp_[a-z0-9]+-file-[0-9a-f]+-[0-9a-f]+"$/D', $response->getHeaderLine('ETag'));
        self::assertNotFalse(strtotime($response->getHeaderLine('Last-Modified')));
        self::assertSame('private, no-cache', $response->getHeaderLine('Cache-Control'));
    }

    public function testADocumentIsNamedOne(): void
    {
        $response = $this->get($this->export(['format' => 'pdf'] + self::SMALL));
        self::assertSame([200, 'application/pdf'], [$response->getStatusCode(), $response->getHeaderLine('Content-Type')]);
        self::assertStringContainsString('"participants_export.pdf"', $response->getHeaderLine('Content-Disposition'));
        self::assertStringStartsWith('%PDF-', (string) $response->getBody());
    }

    public function testHeadTellsTheLengthAndSendsNothing(): void
    {
        $id = $this->export();
        $got = $this->get($id);
        $head = $this->get($id, ['Range' => 'bytes=0-3'], 'HEAD');
        self::assertSame($got->getHeaders(), $head->getHeaders());
        self::assertSame([200, ''], [$head->getStatusCode(), (string) $head->getBody()]);
        self::assertSame(404, $this->send('HEAD', "/api/export/$id/download/zip")->getStatusCode());
    }

    public function testTheRestOfABrokenDownload(): void
    {
        $id = $this->export();
        $whole = (string) $this->get($id)->getBody();
        $etag = $this->get($id)->getHeaderLine('ETag');
        $response = $this->get($id, ['Range' => 'bytes=100-', 'If-Range' => $etag]);
        self::assertSame(206, $response->getStatusCode());
        self::assertSame(substr($whole, 100), (string) $response->getBody());
        $size = strlen($whole);
        self::assertSame("bytes 100-" . ($size - 1) . "/$size", $response->getHeaderLine('Content-Range'));
        self::assertSame((string) ($size - 100), $response->getHeaderLine('Content-Length'));
    }

    /** @return list<array{string, int, int}> range, first byte, length */
    public static function ranges(): array
    {
        return [['bytes=0-0', 0, 1], ['bytes=5-9', 5, 5], ['bytes=-7', -7, 7], ['BYTES=3-4', 3, 2]];
    }

    #[DataProvider('ranges')]
    public function testARange(string $range, int $first, int $length): void
    {
        $id = $this->export();
        $whole = (string) $this->get($id)->getBody();
        $response = $this->get($id, ['Range' => $range]);
        self::assertSame(206, $response->getStatusCode());
        self::assertSame(substr($whole, $first, $length), (string) $response->getBody());
    }

    public function testSeveralRangesAreTheWhole(): void
    {
        $response = $this->get($this->export(), ['Range' => 'bytes=0-1,4-5']);
        self::assertSame(200, $response->getStatusCode());
        self::assertFalse($response->hasHeader('Content-Range'));
    }

    public function testARangeBehindTheEndCannotBeSatisfied(): void
    {
        $id = $this->export();
        $size = $this->get($id)->getHeaderLine('Content-Length');
        $response = $this->get($id, ['Range' => "bytes=$size-"]);
        self::assertRefused(416, 'RANGE_NOT_SATISFIABLE', $response, ['Content-Range' => "bytes */$size"]);
    }

    public function testARangeOfAnotherFileIsTheWhole(): void
    {
        $id = $this->export();
        foreach (['"another"', 'W/' . $this->get($id)->getHeaderLine('ETag'), 'Thu, 01 Jan 2015 00:00:00 GMT'] as $known) {
            self::assertSame(200, $this->get($id, ['Range' => 'bytes=3-', 'If-Range' => $known])->getStatusCode());
        }
        $date = $this->get($id)->getHeaderLine('Last-Modified');
        self::assertSame(206, $this->get($id, ['Range' => 'bytes=3-', 'If-Range' => $date])->getStatusCode());
    }

    public function testWhatTheClientHasIsNotSentAgain(): void
    {
        $id = $this->export();
        $etag = $this->get($id)->getHeaderLine('ETag');
        $date = $this->get($id)->getHeaderLine('Last-Modified');
        foreach ([['If-None-Match' => "\"x\", W/$etag"], ['If-None-Match' => '*'], ['If-Modified-Since' => $date]] as $known) {
            $response = $this->get($id, $known);
            self::assertSame([304, ''], [$response->getStatusCode(), (string) $response->getBody()]);
            self::assertSame($etag, $response->getHeaderLine('ETag'));
            self::assertFalse($response->hasHeader('Content-Length'));
        }
        self::assertSame(200, $this->get($id, ['If-None-Match' => '"x"', 'If-Modified-Since' => $date])->getStatusCode());
        self::assertSame(200, $this->get($id, ['If-Modified-Since' => 'yesterday'])->getStatusCode());
    }

    public function testAConditionThatDoesNotHoldFails(): void
    {
        $id = $this->export();
        $etag = $this->get($id)->getHeaderLine('ETag');
        self::assertRefused(412, 'PRECONDITION_FAILED', $this->get($id, ['If-Match' => '"x"']));
        self::assertSame(412, $this->get($id, ['If-Match' => "W/$etag"])->getStatusCode());
        self::assertSame(200, $this->get($id, ['If-Match' => $etag])->getStatusCode());
        self::assertSame(412, $this->get($id, ['If-Unmodified-Since' => 'Thu, 01 Jan 2015 00:00:00 GMT'])->getStatusCode());
    }

    public function testBatchesAndTheirArchive(): void
    {
        $id = $this->export(self::BATCHES);
        $rows = 0;
        foreach ([1, 2, 3] as $batch) {
            $response = $this->send('GET', "/api/export/$id/download/batch/$batch");
            self::assertStringContainsString("participants_batch_{$batch}_of_3.csv", $response->getHeaderLine('Content-Disposition'));
            $rows += substr_count((string) $response->getBody(), "\r\n") - 1;
        }
        self::assertSame(self::PARTICIPANTS, $rows);
        foreach (['download/zip', 'download'] as $archive) {
            $response = $this->send('GET', "/api/export/$id/$archive");
            self::assertSame([200, 'application/zip'], [$response->getStatusCode(), $response->getHeaderLine('Content-Type')]);
            self::assertStringStartsWith("PK\x03\x04", (string) $response->getBody());
        }
        self::assertRefused(404, 'NOT_FOUND', $this->send('GET', "/api/export/$id/download/batch/4"));
    }

    public function testPartsOfOneExportHaveTagsOfTheirOwn(): void
    {
        $id = $this->export(self::BATCHES);
        $tags = [];
        foreach (['download/batch/1', 'download/batch/2', 'download/zip'] as $part) {
            $tags[] = $this->send('GET', "/api/export/$id/$part")->getHeaderLine('ETag');
        }
        self::assertCount(3, array_unique($tags));
    }

    public function testAFileThatMayYetComeIsNotReady(): void
    {
        $id = $this->queued();
        self::assertRefused(409, 'NOT_READY', $this->get($id), ['Retry-After' => '2']);
        self::assertRefused(409, 'NOT_READY', $this->send('GET', "/api/export/$id/download/batch/1"));
    }

    public function testNginxIsToldTheFile(): void
    {
        $id = $this->export();
        $settings = new Settings(self::BASE, SendFile::XAccel, $this->out, '/exports/');
        $response = $this->handler($settings)->handle($this->request('GET', "/api/export/$id/download", null, 'ana', ['Range' => 'bytes=3-']));
        self::assertSame([200, ''], [$response->getStatusCode(), (string) $response->getBody()]);
        self::assertSame("/exports/$id/participants_export.csv", $response->getHeaderLine('X-Accel-Redirect'));
        self::assertSame('text/csv; charset=utf-8', $response->getHeaderLine('Content-Type'));
        self::assertFalse($response->hasHeader('Content-Length'));
        self::assertFalse($response->hasHeader('ETag'));
    }

    public function testAFileOutsideOfNginxsFolderIsSentByPhp(): void
    {
        $id = $this->export();
        $settings = new Settings(self::BASE, SendFile::XAccel, substr($this->out, 0, -1), '/exports');
        $response = $this->handler($settings)->handle($this->request('GET', "/api/export/$id/download"));
        self::assertFalse($response->hasHeader('X-Accel-Redirect'));
        self::assertSame(21, substr_count((string) $response->getBody(), "\r\n"));
    }

    public function testApacheIsToldTheFile(): void
    {
        $id = $this->export();
        $response = $this->handler(new Settings(self::BASE, SendFile::XSendfile))->handle($this->request('GET', "/api/export/$id/download"));
        self::assertSame("$this->out/$id/participants_export.csv", $response->getHeaderLine('X-Sendfile'));
    }
}
