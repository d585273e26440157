<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use Ybb\Export\Settings;

/**
 * What nobody means well with.
 */
final class HostileTest extends HandlerTestCase
{
    /** @return list<array{string}> */
    public static function addresses(): array
    {
        $id = 'exp_00000000000000000000000000';
        return [
            ['/'], ['/api'], ['/api/export/'], ['/api//export'], ['/api/export/x/status'],
            ['/api/export/../../etc/passwd/download'], ['/api/export/%2e%2e%2fetc/download'],
            ["/api/export/$id%00/status"], ["/api/export/$id%0a/status"], ["/api/export/$id/download/batch/0"],
            ["/api/export/$id/download/batch/-1"], ["/api/export/$id/download/batch/1e3"],
            ["/api/export/$id/download/batch/99999999999999999999"], ["/api/export/$id/download/batch/../zip"],
            ["/api/export/" . strtoupper($id) . '/status'], ["/api/export/{$id}0/status"],
            ["/api/export/$id/download/participants_export.csv"],
        ];
    }

    #[DataProvider('addresses')]
    public function testAnAddressThatIsNoneReachesNothing(string $path): void
    {
        self::assertRefused(404, 'NOT_FOUND', $this->send('GET', $path));
    }

    public function testAnAddressBesideTheBaseIsNone(): void
    {
        foreach (['/api/templates', '/filesx/api/templates', '/files'] as $path) {
            $request = $this->request('GET', '')->withUri($this->request('GET', '')->getUri()->withPath($path));
            self::assertSame(404, $this->handler()->handle($request)->getStatusCode(), $path);
        }
    }

    public function testAnotherMethodIsToldThoseThereAre(): void
    {
        $id = 'exp_00000000000000000000000000';
        self::assertRefused(405, 'METHOD_NOT_ALLOWED', $this->send('PUT', '/api/templates'), ['Allow' => 'GET, HEAD, POST']);
        self::assertRefused(405, 'METHOD_NOT_ALLOWED', $this->send('GET', '/api/export/estimate'), ['Allow' => 'POST']);
        self::assertRefused(405, 'METHOD_NOT_ALLOWED', $this->send('GET', "/api/export/$id"), ['Allow' => 'DELETE']);
        self::assertRefused(405, 'METHOD_NOT_ALLOWED', $this->send('get', '/api/templates'));
    }

    /** @return list<array{string, string}> */
    public static function bodies(): array
    {
        return [
            ['', 'INVALID_JSON'], ['{', 'INVALID_JSON'], ["{\"a\": \"\xff\"}", 'INVALID_JSON'],
            [str_repeat('[', 40) . str_repeat(']', 40), 'INVALID_JSON'], ['null', 'INVALID_TYPE'], ['"x"', 'INVALID_TYPE'],
            ['[1]', 'INVALID_TYPE'], ['3', 'INVALID_TYPE'], ['{"export_type": "participants"} x', 'INVALID_JSON'],
        ];
    }

    #[DataProvider('bodies')]
    public function testABodyThatIsNoObjectIsRefused(string $body, string $code): void
    {
        foreach (['/api/export', '/api/export/estimate', '/api/templates'] as $path) {
            self::assertRefused(400, $code, $this->send('POST', $path, $body, 'root'));
        }
    }

    public function testABodyWithoutAMemberOrWithUnknownOnesIsTheLibrarysToRefuse(): void
    {
        foreach (['{}' => 'MISSING_KEY', '[]' => 'MISSING_KEY', '{"0": 1}' => 'UNKNOWN_KEY', '{"\u0000": 1}' => 'UNKNOWN_KEY'] as $body => $code) {
            $response = $this->send('POST', '/api/export', $body, 'root');
            self::assertSame(400, $response->getStatusCode(), $body);
        }
    }

    public function testObjectsThatNestAsDeepAsTheyMayAreTheLibrarysToRefuse(): void
    {
        $body = '{"filters":' . str_repeat('{"x":', 30) . '1' . str_repeat('}', 30) . ',"export_type":"participants"}';
        self::assertSame(400, $this->send('POST', '/api/export', $body, 'root')->getStatusCode());
    }

    public function testANumberWithoutEndIsRefused(): void
    {
        foreach (['/api/export', '/api/export/estimate', '/api/export/stream'] as $path) {
            $response = $this->send('POST', $path, '{"export_type": "participants", "filters": {"limit": 1e999}}', 'root');
            self::assertRefused(400, 'INVALID_VALUE', $response);
            self::assertStringStartsWith('the request must hold finite numbers', self::text($response, 'message'));
        }
    }

    public function testATypeThatAFormCanSendIsRefused(): void
    {
        foreach (['', 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'multipart/form-data'] as $type) {
            $response = $this->send('POST', '/api/export', '{}', 'ana', ['Content-Type' => $type]);
            self::assertRefused(415, 'UNSUPPORTED_MEDIA_TYPE', $response, ['Accept' => 'application/json']);
        }
        foreach (['application/json; charset=utf-8', 'Application/JSON'] as $type) {
            $response = $this->send('POST', '/api/export/estimate', self::SMALL, 'ana', ['Content-Type' => $type]);
            self::assertSame(200, $response->getStatusCode());
        }
    }

    public function testABodyThatIsTooLargeIsNotRead(): void
    {
        $handler = $this->handler(new Settings(self::BASE, maxBodyBytes: 100));
        $large = json_encode(self::SMALL + ['field_mappings' => ['x' => str_repeat('x', 100)]], JSON_THROW_ON_ERROR);
        $response = $handler->handle($this->request('POST', '/api/export', $large));
        self::assertRefused(413, 'BODY_TOO_LARGE', $response);
        // it says how long it is, or lies
        foreach (['1000000', '10'] as $length) {
            $request = $this->request('POST', '/api/export', $large, 'ana', ['Content-Length' => $length]);
            self::assertRefused(413, 'BODY_TOO_LARGE', $handler->handle($request));
        }
    }

    public function testNothingOfARequestComesIntoAHeader(): void
    {
        $request = ['export_type' => "participants\r\nX-Evil: 1"] + self::SMALL;
        self::assertRefused(400, 'UNKNOWN_EXPORT_TYPE', $this->send('POST', '/api/export/stream', $request));
    }

    public function testATemplateBringsNoExportType(): void
    {
        $body = ['types' => ['secrets' => ['table' => 'users']], 'templates' => ['participants_x' => ['fields' => ['id']]]];
        self::assertRefused(400, 'INVALID_CATALOG', $this->send('POST', '/api/templates', $body, 'root'));
        self::assertSame([], glob("$this->out/catalog/*"));
    }

    public function testFileSystemPathsStayWithinTheServer(): void
    {
        $id = $this->export(self::BATCHES);
        foreach (['status', 'chunks'] as $what) {
            $body = (string) $this->send('GET', "/api/export/$id/$what")->getBody();
            self::assertStringNotContainsString($this->out, $body);
        }
    }

    public function testOfABrokenInstallationTheLogAloneSaysMore(): void
    {
        $this->configure(['out' => '/nonexistent/secret']);
        $response = $this->send('POST', '/api/export', self::SMALL);
        self::assertRefused(500, 'INTERNAL', $response);
        self::assertStringNotContainsString('secret', (string) $response->getBody());
    }
}
