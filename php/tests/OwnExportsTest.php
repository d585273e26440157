<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\Auth\Identity;

/**
 * A user's exports: listed, limited, taken up again, handed on.
 */
final class OwnExportsTest extends HandlerTestCase
{
    private const LINKS = ['link_secret' => '0123456789abcdef0123456789abcdef'];

    public function testExportsAreListedPageByPage(): void
    {
        $ids = [$this->export(), $this->export(['filters' => ['limit' => 21]] + self::SMALL), $this->export(self::SMALL, 'bob')];
        $page = $this->send('GET', '/api/export?most=1');
        self::assertSame([200, $ids[1]], [$page->getStatusCode(), self::in($page, 'data', 'exports', '0', 'export_id')]);
        $next = self::in($page, 'data', 'next');
        self::assertIsInt($next);
        $page = $this->send('GET', "/api/export?most=5&before=$next");
        self::assertSame([$ids[0], null], [self::in($page, 'data', 'exports', '0', 'export_id'), self::in($page, 'data', 'next')]);
        self::assertSame([], self::in($this->send('GET', '/api/export', null, 'root'), 'data', 'exports'));
        self::assertSame($ids[2], self::in($this->send('GET', '/api/export?owner=all', null, 'root'), 'data', 'exports', '0', 'export_id'));
        self::assertRefused(403, 'FORBIDDEN', $this->send('GET', '/api/export?owner=all'));
        foreach (['owner=bob', 'most=x', 'before=-1', 'most[]=1'] as $query) {
            self::assertRefused(400, 'INVALID_VALUE', $this->send('GET', "/api/export?$query"));
        }
    }

    public function testAnOwnerHasALimit(): void
    {
        $this->configureFile(['queue_config' => ['max_unfinished_per_owner' => 1]]);
        $this->queued();
        $response = $this->send('POST', '/api/export', self::SMALL);
        self::assertRefused(429, 'OWNER_LIMIT', $response);
        self::assertGreaterThan(0, (int) $response->getHeaderLine('Retry-After'));
        self::assertSame(202, $this->send('POST', '/api/export', self::REQUEST, 'bob')->getStatusCode());
    }

    public function testAnAnswerShowsTheRequestWithoutItsOwnerAndKey(): void
    {
        $id = $this->export(['idempotency_key' => 'mine', 'options' => []] + self::SMALL);
        $response = $this->send('GET', "/api/export/$id/status");
        self::assertSame(1, self::in($response, 'metadata', 'program_id'));
        $text = (string) $response->getBody();
        self::assertStringContainsString('"options":{}', $text);
        self::assertStringNotContainsString('mine', $text);
        self::assertStringNotContainsString('ana', $text);
    }

    public function testAnExportIsTakenUpAgainByWhoMayExportItsProgram(): void
    {
        $id = $this->queued();
        ybb_export_cancel($id);
        $without = new class implements Authenticator {
            public function authenticate(ServerRequestInterface $request): Identity
            {
                return new Identity('ana', programs: [3]);
            }
        };
        $request = $this->request('POST', "/api/export/$id/resume");
        $response = $this->handler(users: $without)->handle($request);
        Contract::hold($request, "/api/export/$id/resume", $response);
        self::assertRefused(403, 'FORBIDDEN', $response);
        $page = $this->request('POST', "/exports/$id/resume");
        self::assertSame(403, $this->handler(users: $without)->handle($page)->getStatusCode());
        self::assertSame('error', ybb_export_status($id)['status']);
        self::assertSame(200, $this->handler(users: $without)->handle($this->request('GET', "/api/export/$id/status"))->getStatusCode());
        self::assertRefused(404, 'NOT_FOUND', $this->send('POST', "/api/export/$id/resume", null, 'bob'));
        self::assertSame(202, $this->send('POST', "/api/export/$id/resume")->getStatusCode());
    }

    public function testTheQueueKnowsWhereAnExportIs(): void
    {
        $this->queued('bob');
        $id = $this->queued();
        $response = $this->send('GET', "/api/export/queue/status?export_id=$id");
        self::assertSame(2, self::in($response, 'data', 'queue_position'));
    }

    public function testASignedLinkOpensItsFileForEverybody(): void
    {
        $this->configureFile(self::LINKS);
        $id = $this->export(self::BATCHES);
        $batch = ybb_export_link_sign($id, 1, 60)['signature'] ?? '';
        $archive = ybb_export_link_sign($id, 'zip', 60)['signature'] ?? '';
        self::assertSame(200, $this->send('GET', "/api/export/$id/download/batch/1?signature=$batch", null, 'nobody')->getStatusCode());
        self::assertSame(200, $this->send('HEAD', "/api/export/$id/download/zip?signature=$archive", null, 'nobody')->getStatusCode());
        $part = $this->send('GET', "/api/export/$id/download/zip?signature=$archive", null, 'bob', ['Range' => 'bytes=0-3']);
        self::assertSame([206, "PK\x03\x04"], [$part->getStatusCode(), (string) $part->getBody()]);
        foreach ([
            "download/batch/2?signature=$batch", "download/zip?signature=$batch", "download?signature=$batch",
            'download/zip?signature=', 'download/zip?signature=x%00y', 'download/zip?signature=' . strrev($archive),
        ] as $path) {
            self::assertRefused(403, 'LINK_INVALID', $this->send('GET', "/api/export/$id/$path", null, 'nobody'));
            self::assertRefused(403, 'LINK_INVALID', $this->send('GET', "/api/export/$id/$path"));
        }
        // it is for the file alone
        self::assertSame(401, $this->send('GET', "/api/export/$id/status?signature=$archive", null, 'nobody')->getStatusCode());
        self::assertSame(401, $this->send('DELETE', "/api/export/$id?signature=$archive", null, 'nobody')->getStatusCode());
        $this->send('DELETE', "/api/export/$id");
        self::assertRefused(404, 'NOT_FOUND', $this->send('GET', "/api/export/$id/download/zip?signature=$archive", null, 'nobody'));
    }

    public function testALinkWhoseTimeIsOverIsGone(): void
    {
        $this->configureFile(self::LINKS);
        $id = $this->export();
        $signature = ybb_export_link_sign($id, null, 1)['signature'] ?? '';
        sleep(2);
        self::assertRefused(410, 'LINK_EXPIRED', $this->send('GET', "/api/export/$id/download?signature=$signature", null, 'nobody'));
    }

    public function testWithoutASecretNoSignatureIsRight(): void
    {
        $id = $this->export();
        self::assertRefused(403, 'LINK_INVALID', $this->send('GET', "/api/export/$id/download?signature=1.x", null, 'nobody'));
    }

    public function testAStreamIsReadByItsIdOnce(): void
    {
        $started = $this->send('POST', '/api/export', self::SMALL + ['large_dataset_options' => ['strategy' => 'streaming']]);
        $id = self::text($started, 'export_id');
        self::assertSame(self::BASE . "/api/export/$id/stream", self::in($started, 'data', 'stream_url'));
        self::assertRefused(404, 'NOT_FOUND', $this->send('GET', "/api/export/$id/stream", null, 'bob'));
        self::assertSame(200, $this->send('HEAD', "/api/export/$id/stream")->getStatusCode());
        $response = $this->send('GET', "/api/export/$id/stream");
        self::assertSame([200, $id], [$response->getStatusCode(), $response->getHeaderLine('X-Export-Id')]);
        self::assertStringContainsString('participants_export.csv', $response->getHeaderLine('Content-Disposition'));
        self::assertSame(21, substr_count((string) $response->getBody(), "\r\n"));
        self::assertRefused(409, 'NOT_RESUMABLE', $this->send('GET', "/api/export/$id/stream"));
        self::assertRefused(404, 'NOT_FOUND', $this->send('GET', '/api/export/' . $this->export() . '/stream'));
    }
}
