<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\Attributes\DataProvider;
use Ybb\Export\Auth\DenyAll;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\Exporter;
use Ybb\Export\Http\Handler;
use Ybb\Export\Settings;

/**
 * Who may what.
 */
final class AccessTest extends HandlerTestCase
{
    private const ID = 'exp_00000000000000000000000000';

    /** @return list<array{string, string}> */
    public static function endpoints(): array
    {
        $id = self::ID;
        return [
            ['POST', '/api/export'], ['POST', '/api/export/stream'], ['POST', '/api/export/estimate'],
            ['GET', '/api/export/stats'], ['GET', '/api/export/queue/status'], ['GET', "/api/export/$id/status"],
            ['GET', "/api/export/$id/chunks"], ['GET', "/api/export/$id/download"], ['HEAD', "/api/export/$id/download"],
            ['GET', "/api/export/$id/download/batch/1"], ['GET', "/api/export/$id/download/zip"],
            ['POST', "/api/export/$id/resume"], ['DELETE', "/api/export/$id"],
            ['GET', '/api/templates'], ['POST', '/api/templates'], ['GET', '/api/export'], ['GET', "/api/export/$id/stream"],
        ];
    }

    #[DataProvider('endpoints')]
    public function testNobodyIsLetInWithoutAName(string $method, string $path): void
    {
        $response = $this->send($method, $path, self::SMALL, 'nobody');
        self::assertSame(401, $response->getStatusCode());
        self::assertTrue($response->hasHeader('WWW-Authenticate'));
        self::assertFalse($response->hasHeader('X-CSRF-Token'));
    }

    #[DataProvider('endpoints')]
    public function testUntilAHostNamesItsUsersEverybodyIsKeptOut(string $method, string $path): void
    {
        $factory = new Psr17Factory();
        $handler = new Handler(new Settings(self::BASE), new Exporter(), new DenyAll(), new TokenGuard(''), $factory, $factory);
        self::assertSame(401, $handler->handle($this->request($method, $path, self::SMALL, 'root'))->getStatusCode());
    }

    public function testExportsOfOthersAreNotThere(): void
    {
        $id = $this->export();
        foreach (['status', 'chunks', 'download', 'download/zip', 'download/batch/1'] as $what) {
            self::assertRefused(404, 'NOT_FOUND', $this->send('GET', "/api/export/$id/$what", null, 'bob'));
        }
        self::assertRefused(404, 'NOT_FOUND', $this->send('POST', "/api/export/$id/resume", null, 'bob'));
        self::assertRefused(404, 'NOT_FOUND', $this->send('DELETE', "/api/export/$id", null, 'bob'));
        self::assertSame(200, $this->send('GET', "/api/export/$id/download")->getStatusCode());
    }

    public function testAnAdminSeesEverybodysExports(): void
    {
        $id = $this->export();
        self::assertSame(200, $this->send('GET', "/api/export/$id/status", null, 'root')->getStatusCode());
        self::assertSame(200, $this->send('GET', "/api/export/$id/download", null, 'root')->getStatusCode());
        self::assertSame(200, $this->send('DELETE', "/api/export/$id", null, 'root')->getStatusCode());
    }

    public function testNobodyExportsInAnothersName(): void
    {
        $id = $this->export(['owner' => 'bob'] + self::SMALL);
        self::assertSame(404, $this->send('GET', "/api/export/$id/status", null, 'bob')->getStatusCode());
        self::assertSame(200, $this->send('GET', "/api/export/$id/status", null, 'ana')->getStatusCode());
    }

    public function testAnothersKeyIsNotFound(): void
    {
        $key = ['idempotency_key' => 'monday'] + self::SMALL;
        self::assertNotSame($this->export($key, 'ana'), $this->export($key, 'bob'));
        self::assertSame($this->export($key, 'ana'), $this->export($key, 'ana'));
    }

    /** @return list<array{mixed}> */
    public static function programsOfOthers(): array
    {
        return [[2], ['2'], [null], ['all'], ['1 '], ["1\n"], ['01'], [1.0], [true], [[1]], [-1], ['0x1'], ['9223372036854775808']];
    }

    #[DataProvider('programsOfOthers')]
    public function testAUserExportsHisProgramsAlone(mixed $program): void
    {
        $request = ['program_id' => $program] + self::SMALL;
        foreach (['', '/estimate', '/stream'] as $way) {
            $response = $this->send('POST', "/api/export$way", $request);
            self::assertRefused(403, 'FORBIDDEN', $response);
            self::assertSame('program_id', self::in($response, 'details', 'field'));
        }
    }

    public function testWithoutAProgramAUserExportsNone(): void
    {
        $request = self::SMALL;
        unset($request['program_id']);
        self::assertRefused(403, 'FORBIDDEN', $this->send('POST', '/api/export', $request));
        self::assertSame(200, $this->send('POST', '/api/export', $request, 'root')->getStatusCode());
    }

    public function testAUserWithoutProgramsExportsNothing(): void
    {
        self::assertRefused(403, 'FORBIDDEN', $this->send('POST', '/api/export', self::SMALL, 'eve'));
    }

    public function testTheLastOfTwoProgramsIsTheOneThatIsCheckedAndExported(): void
    {
        $twice = '{"export_type": "participants", "program_id": 1, "program_id": 2, "filters": {"limit": 5}}';
        self::assertRefused(403, 'FORBIDDEN', $this->send('POST', '/api/export', $twice));
    }

    public function testTheStatisticsAreForAdmins(): void
    {
        self::assertRefused(403, 'FORBIDDEN', $this->send('GET', '/api/export/stats'));
    }

    public function testTemplatesAreMadeByAdmins(): void
    {
        $template = ['templates' => ['participants_names' => ['fields' => ['full_name']]]];
        self::assertRefused(403, 'FORBIDDEN', $this->send('POST', '/api/templates', $template));
        self::assertSame([], glob("$this->out/catalog/*"));
    }

    /** @return list<array{array<string, string>}> */
    public static function otherSites(): array
    {
        return [
            [['X-CSRF-Token' => '']],
            [['X-CSRF-Token' => 'x']],
            [['Sec-Fetch-Site' => 'cross-site']],
            [['Sec-Fetch-Site' => 'same-site']],
            [['Origin' => 'https://evil.example']],
            [['Origin' => 'null']],
        ];
    }

    /** @param array<string, string> $headers */
    #[DataProvider('otherSites')]
    public function testARequestOfAnotherSiteIsRefused(array $headers): void
    {
        $id = $this->export();
        $response = $this->send('DELETE', "/api/export/$id", null, 'ana', $headers);
        self::assertRefused(403, 'CSRF_TOKEN', $response, ['X-CSRF-Token' => self::TOKEN]);
        self::assertRefused(403, 'CSRF_TOKEN', $this->send('POST', '/api/export', self::SMALL, 'ana', $headers));
        self::assertSame(200, $this->send('GET', "/api/export/$id/status", null, 'ana', $headers)->getStatusCode());
    }

    public function testARequestOfOurSiteIsTaken(): void
    {
        foreach ([['Sec-Fetch-Site' => 'same-origin'], ['Origin' => 'https://admin.example.org']] as $headers) {
            $response = $this->send('POST', '/api/export/estimate', self::SMALL, 'ana', $headers);
            self::assertSame([200, self::TOKEN], [$response->getStatusCode(), $response->getHeaderLine('X-CSRF-Token')]);
        }
    }

    public function testTheHostIsTheSameHoweverOftenItIsNamed(): void
    {
        // Nyholm's ServerRequestCreator names it twice: of the address, and as it came
        $named = fn(string ...$hosts): int => $this->handler()->handle(
            $this->request('POST', '/api/export/estimate', self::SMALL, 'ana', ['Origin' => 'https://admin.example.org'])
                ->withHeader('Host', $hosts),
        )->getStatusCode();
        self::assertSame(200, $named('admin.example.org:8443', 'admin.example.org:8443'));
        self::assertSame(403, $named('admin.example.org', 'evil.example'));
        self::assertSame(403, $named('evil.example', 'admin.example.org'));
        self::assertSame(403, $named(''));
    }

    public function testAnAccessTokenNeedsNoOther(): void
    {
        $response = $this->send('POST', '/api/export/estimate', self::SMALL, 'key', ['X-CSRF-Token' => '']);
        self::assertSame(200, $response->getStatusCode());
    }

    public function testASessionWithoutATokenAcceptsNothing(): void
    {
        $request = $this->request('POST', '/api/export', self::SMALL, 'ana', ['X-CSRF-Token' => 'x']);
        self::assertFalse((new TokenGuard(''))->accepts($request->withoutHeader('X-CSRF-Token')));
        self::assertFalse((new TokenGuard('x'))->accepts($request));
    }
}
