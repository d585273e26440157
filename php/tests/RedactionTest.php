<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use Psr\Log\AbstractLogger;
use Psr\Log\NullLogger;
use Ybb\Export\Answer;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\RedactingExporter;
use Ybb\Export\Auth\Redaction;
use Ybb\Export\Auth\Role;
use Ybb\Export\Exporter;
use Ybb\Export\Pages\Texts;
use Ybb\Export\RowStream;

/**
 * What an installation's failures say, and to whom.
 */
final class RedactionTest extends HandlerTestCase
{
    private const AWAY = 'mysql://nobody@localhost/x?socket=/nonexistent/socket';
    private const PLAIN = 'The database cannot be reached at present. Try again in a few minutes.';
    private const FORM = ['export_type' => 'participants', 'program_id' => '1', 'format' => 'csv', 'do' => 'start'];

    public function testARefusalNamesNoHostButToAdmins(): void
    {
        $this->configure(['source' => self::AWAY]);
        foreach (['', '/estimate', '/stream'] as $way) {
            $answer = $this->send('POST', "/api/export$way", self::SMALL);
            self::assertRefused(503, 'SOURCE_UNAVAILABLE', $answer);
            self::assertSame(self::PLAIN, self::text($answer, 'message'));
            self::assertStringNotContainsString('nonexistent', (string) $answer->getBody());
            $answer = $this->send('POST', "/api/export$way", self::SMALL, 'root');
            self::assertStringContainsString('/nonexistent/socket', self::text($answer, 'message'));
        }
        $page = (string) $this->submit('/exports/new', self::FORM, 'ana')->getBody();
        self::assertStringContainsString(self::PLAIN, $page);
        self::assertStringNotContainsString('nonexistent', $page);
        self::assertStringContainsString('/nonexistent/socket', (string) $this->submit('/exports/new', self::FORM, 'root')->getBody());
    }

    public function testAFailedExportIsToldOfByItsCodeAndToAdminsInDetail(): void
    {
        $request = ['format' => 'excel', 'options' => ['sort_by' => 'full_name'],
            'large_dataset_options' => ['strategy' => 'single', 'memory_limit' => '1KB']] + self::REQUEST;
        $id = self::text($this->send('POST', '/api/export', $request), 'export_id');
        $detail = ybb_export_wait($id, 60)['message'] ?? null;
        self::assertIsString($detail);
        $plain = Texts::in('en')->problem('MEMORY_LIMIT');
        self::assertSame($plain, self::text($this->send('GET', "/api/export/$id/status"), 'message'));
        self::assertSame($plain, self::text($this->send('GET', '/api/export'), 'data', 'exports', '0', 'message'));
        foreach (["/api/export/$id/status", "/api/export/$id/chunks", '/api/export', "/api/export/$id/download"] as $path) {
            self::assertStringNotContainsString($detail, (string) $this->send('GET', $path)->getBody(), $path);
        }
        self::assertSame($detail, self::text($this->send('GET', "/api/export/$id/status", null, 'root'), 'message'));
        self::assertStringContainsString((string) $plain, $this->pageText("/exports/$id", 'ana'));
        self::assertStringNotContainsString($detail, $this->pageText("/exports/$id", 'ana'));
        self::assertStringContainsString('In detail: ', $this->pageText("/exports/$id", 'root'));
        self::assertStringContainsString($detail, $this->pageText("/exports/$id", 'root'));
        $indonesian = $this->pageText("/exports/$id", 'root', ['Accept-Language' => 'id']);
        self::assertStringContainsString((string) Texts::in('id')->problem('MEMORY_LIMIT'), $indonesian);
        self::assertStringContainsString("<span lang=\"en\">$detail</span>", $indonesian);
    }

    public function testAMistakeOfTheRequestIsToldInDetailToEverybody(): void
    {
        $answer = $this->send('POST', '/api/export', ['filters' => ['gender' => 'x']] + self::REQUEST);
        self::assertSame('filters.gender', self::text($answer, 'details', 'field'));
        self::assertStringContainsString('gender', self::text($answer, 'message'));
    }

    public function testAStreamThatEndsBeforeItsTimeIsToldInPlainWords(): void
    {
        foreach (['ana' => self::PLAIN, 'root' => '/nonexistent/socket'] as $name => $says) {
            $this->configure(['source' => (string) getenv('YBB_TEST_SOURCE')]);
            $user = $name === 'root' ? new Identity($name, Role::Admin, null) : new Identity($name, programs: [1]);
            $exporter = RedactingExporter::for($user, new Exporter(), new NullLogger());
            $rows = $exporter->stream(['owner' => $name] + self::SMALL);
            self::assertInstanceOf(RowStream::class, $rows);
            $this->configure(['source' => self::AWAY]);
            $answer = $rows->sendTo(static fn(string $bytes): bool => true);
            self::assertSame('SOURCE_UNAVAILABLE', $answer->errorCode());
            self::assertStringContainsString($says, $answer->text('message'));
            self::assertSame('participants', $rows->exportType());
        }
    }

    public function testTheLogHasWhatARefusalConceals(): void
    {
        $log = new class extends AbstractLogger {
            /** @var list<array<mixed>> */
            public array $entries = [];

            /** @param array<mixed> $context */
            public function log(mixed $level, string|\Stringable $message, array $context = []): void
            {
                $this->entries[] = $context;
            }
        };
        $this->configure(['source' => self::AWAY]);
        $exporter = RedactingExporter::for(new Identity('ana', programs: [1]), new Exporter(), $log);
        self::assertSame(self::PLAIN, $exporter->start(self::SMALL)->text('message'));
        self::assertSame('SOURCE_UNAVAILABLE', $log->entries[0]['error_code'] ?? null);
        self::assertStringContainsString('/nonexistent/socket', json_encode($log->entries, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES));
        $exporter->status('exp_00000000000000000000000000', 'ana');
        self::assertCount(1, $log->entries);
        self::assertInstanceOf(Exporter::class, RedactingExporter::for(new Identity('root', Role::Admin), new Exporter(), $log));
    }

    public function testWhatNamesSomethingGoesWhereverItStands(): void
    {
        $answer = Redaction::of(new Answer([
            'status' => 'error',
            'message' => 'table secret_table',
            'error_code' => 'SOURCE_SCHEMA',
            'details' => ['field' => 'secret_table', 'value' => 'secret', 'allowed' => 'secret', 'suggestion' => 'secret', 'retriable' => false],
            'notification' => ['state' => 'failed', 'last_error' => ['error_code' => 'MAIL_UNAVAILABLE', 'message' => 'secret host']],
            'data' => ['exports' => [
                ['error_code' => 'STORE_ERROR', 'message' => 'secret store'], ['error_code' => null, 'message' => null],
            ]],
        ]));
        self::assertStringNotContainsString('secret', $answer->toJson());
        self::assertSame(['retriable' => false], $answer->get('details'));
        self::assertNull($answer->get('data', 'exports', '1', 'message'));
    }

    public function testEveryErrorHasATextInBothLanguages(): void
    {
        $constants = get_defined_constants(true)['ybb_export'] ?? [];
        $codes = array_keys(array_filter($constants, static fn(mixed $value): bool => is_int($value) && $value > 0));
        self::assertGreaterThan(40, count($codes));
        foreach ($codes as $name) {
            $code = substr((string) $name, strlen('YBB_'));
            foreach (Texts::LANGUAGES as $language) {
                self::assertNotNull(Texts::in($language)->problem($code), "error.$code in $language");
            }
        }
        self::assertTrue(Redaction::conceals('INTERNAL'));
        self::assertTrue(Redaction::conceals('OUTPUT_DENIED'));
        self::assertFalse(Redaction::conceals('UNKNOWN_FILTER'));
        self::assertFalse(Redaction::conceals('FORBIDDEN'));
    }
}
