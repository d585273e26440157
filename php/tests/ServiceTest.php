<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use Ybb\Export\Answer;
use Ybb\Export\CodeIgniter\ExportService;
use Ybb\Export\Exporter;

/**
 * The endpoints as an application's own controllers call them. Nothing of it needs CodeIgniter.
 */
final class ServiceTest extends HandlerTestCase
{
    /** @param null|array<string, mixed> $data */
    private function call(string $user, string $method, string $path, ?array $data = null): Answer
    {
        $service = new ExportService(new Exporter(self::BASE), self::users(), fn() => $this->request('GET', '/', null, $user));
        return new Answer($service->call($data, $method, $path));
    }

    public function testEveryEndpointButThoseOfFilesIsThere(): void
    {
        $done = $this->call('ana', 'POST', '/api/export', self::SMALL);
        $id = $done->exportId();
        self::assertSame('success', $done->text('status'));
        foreach (["/api/export/$id/status", "/api/export/$id/chunks", '/api/export', '/api/templates', '/api/export/queue/status'] as $path) {
            self::assertSame('success', $this->call('ana', 'GET', $path)->text('status'), $path);
        }
        self::assertSame(20, $this->call('ana', 'POST', '/api/export/estimate', self::SMALL)->get('estimated_records'));
        self::assertSame('NOT_RESUMABLE', $this->call('ana', 'POST', "/api/export/$id/resume")->errorCode());
        self::assertSame('success', $this->call('root', 'GET', '/api/export/stats')->text('status'));
        self::assertSame('FORBIDDEN', $this->call('ana', 'GET', '/api/export/stats')->errorCode());
        self::assertSame('FORBIDDEN', $this->call('ana', 'POST', '/api/templates', ['templates' => []])->errorCode());
        self::assertTrue($this->call('ana', 'DELETE', "/api/export/$id")->get('data', 'deleted'));
        foreach (["GET /api/export/$id/download", 'GET /api/export/stream', 'PUT /api/export', "GET /api/export/$id/status/x"] as $call) {
            self::assertSame('NOT_FOUND', $this->call('ana', ...explode(' ', $call))->errorCode(), $call);
        }
    }

    public function testAnAddressMayHaveAQuery(): void
    {
        $first = $this->call('ana', 'POST', '/api/export', self::SMALL)->exportId();
        $second = $this->call('ana', 'POST', '/api/export', self::SMALL)->exportId();
        $this->call('bob', 'POST', '/api/export', self::SMALL);
        $page = $this->call('ana', 'GET', '/api/export?most=1');
        self::assertSame($second, $page->text('data', 'exports', '0', 'export_id'));
        $next = $page->get('data', 'next');
        self::assertIsInt($next);
        self::assertSame($first, $this->call('ana', 'GET', "/api/export?before=$next")->text('data', 'exports', '0', 'export_id'));
        self::assertSame('FORBIDDEN', $this->call('ana', 'GET', '/api/export?owner=all')->errorCode());
        self::assertSame($first, $this->call('ana', 'GET', "/api/export/queue/status?export_id=$first")->text('data', 'export_id'));
        self::assertSame('NOT_FOUND', $this->call('bob', 'GET', "/api/export/queue/status?export_id=$first")->errorCode());
    }

    public function testItIsInTheNameOfWhoIsLoggedIn(): void
    {
        $id = $this->call('ana', 'POST', '/api/export', ['owner' => 'bob'] + self::SMALL)->exportId();
        self::assertSame('NOT_FOUND', $this->call('bob', 'GET', "/api/export/$id/status")->errorCode());
        self::assertSame('FORBIDDEN', $this->call('ana', 'POST', '/api/export', ['program_id' => 2] + self::SMALL)->errorCode());
        self::assertSame('UNAUTHENTICATED', $this->call('nobody', 'GET', "/api/export/$id/status")->errorCode());
    }
}
