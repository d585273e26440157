<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

/**
 * Each endpoint, good and bad.
 */
final class EndpointTest extends HandlerTestCase
{
    public function testASmallExportIsThereWithTheAnswer(): void
    {
        $response = $this->send('POST', '/api/export', self::SMALL);
        $id = self::text($response, 'export_id');
        self::assertSame(200, $response->getStatusCode());
        self::assertSame(20, self::in($response, 'data', 'record_count'));
        self::assertSame(self::BASE . "/api/export/$id/download", self::in($response, 'data', 'file_url'));
        self::assertFalse($response->hasHeader('Location'));
        self::assertSame('nosniff', $response->getHeaderLine('X-Content-Type-Options'));
        self::assertSame((string) $response->getBody()->getSize(), $response->getHeaderLine('Content-Length'));
    }

    public function testALargeExportIsProcessing(): void
    {
        $response = $this->send('POST', '/api/export', self::REQUEST);
        self::assertSame(202, $response->getStatusCode());
        self::assertSame('processing', self::in($response, 'status'));
        self::assertGreaterThanOrEqual(2, (int) $response->getHeaderLine('Retry-After'));
        $id = self::text($response, 'export_id');
        self::assertSame("/files/api/export/$id/status", $response->getHeaderLine('Location'));
        self::assertSame('success', ybb_export_wait($id, 60)['status']);
    }

    public function testARequestThatIsNotValidIsRefusedWithItsField(): void
    {
        $response = $this->send('POST', '/api/export', ['filters' => ['gender' => 'x']] + self::REQUEST);
        self::assertRefused(400, 'UNKNOWN_FILTER', $response);
        self::assertSame('filters.gender', self::in($response, 'details', 'field'));
        self::assertRefused(400, 'UNKNOWN_EXPORT_TYPE', $this->send('POST', '/api/export', ['export_type' => 'x'] + self::REQUEST));
    }

    public function testAnExportThatNoFormatHoldsIsTooLarge(): void
    {
        $this->configureFile(['format_limits' => ['excel' => [
            'max_rows_per_sheet' => 100, 'recommended_rows_per_sheet' => 100, 'max_sheets_per_file' => 1,
        ]]]);
        $request = ['format' => 'excel', 'large_dataset_options' => ['strategy' => 'single']] + self::REQUEST;
        self::assertRefused(413, 'TOO_LARGE', $this->send('POST', '/api/export', $request));
    }

    public function testAFullQueueSaysWhenToComeAgain(): void
    {
        $this->configureFile(['queue_config' => ['max_queue_size' => 1]]);
        $this->queued();
        $response = $this->send('POST', '/api/export', ['template' => 'detailed'] + self::REQUEST);
        self::assertRefused(429, 'QUEUE_FULL', $response);
        self::assertGreaterThanOrEqual(1, (int) $response->getHeaderLine('Retry-After'));
    }

    public function testADatabaseThatIsAwayIsUnavailable(): void
    {
        $this->configure(['source' => 'mysql://nobody@localhost/x?socket=/nonexistent/socket']);
        $response = $this->send('POST', '/api/export', self::SMALL);
        self::assertRefused(503, 'SOURCE_UNAVAILABLE', $response, ['Retry-After' => '2']);
    }

    public function testTheStatusTellsHowFarAnExportIs(): void
    {
        $id = $this->queued();
        $response = $this->send('GET', "/api/export/$id/status");
        self::assertSame(202, $response->getStatusCode());
        self::assertSame('2', $response->getHeaderLine('Retry-After'));
        self::assertSame(1, self::in($response, 'data', 'queue_position'));
    }

    public function testTheStatusTellsThatAnExportIsDone(): void
    {
        $id = $this->export();
        $response = $this->send('GET', "/api/export/$id/status");
        self::assertSame([200, 'success'], [$response->getStatusCode(), self::in($response, 'status')]);
        self::assertFalse($response->hasHeader('Retry-After'));
        self::assertStringContainsString('"filters_applied":{"limit":20}', (string) $response->getBody());
    }

    public function testTheStatusTellsThatAnExportWasCancelled(): void
    {
        $id = $this->queued();
        ybb_export_cancel($id);
        $response = $this->send('GET', "/api/export/$id/status");
        self::assertSame([200, 'CANCELLED'], [$response->getStatusCode(), self::in($response, 'error_code')]);
    }

    public function testAnExpiredExportIsGone(): void
    {
        $id = $this->export();
        $this->expire($id);
        foreach (['status', 'download'] as $what) {
            self::assertSame(410, $this->send('GET', "/api/export/$id/$what")->getStatusCode());
        }
    }

    public function testChunksAreThoseThatAreThere(): void
    {
        $response = $this->send('GET', '/api/export/' . $this->export(self::BATCHES) . '/chunks');
        self::assertSame(200, $response->getStatusCode());
        self::assertSame([3, 3], [self::in($response, 'total_chunks'), self::in($response, 'completed_chunks')]);
    }

    public function testChunksOfAnExportThatWaitsAreNone(): void
    {
        $response = $this->send('GET', '/api/export/' . $this->queued() . '/chunks');
        self::assertSame([202, 0], [$response->getStatusCode(), self::in($response, 'completed_chunks')]);
    }

    public function testACancelledExportIsResumed(): void
    {
        $id = $this->queued();
        ybb_export_cancel($id);
        self::assertSame(202, $this->send('POST', "/api/export/$id/resume")->getStatusCode());
    }

    public function testADoneExportIsNotResumed(): void
    {
        $id = $this->export();
        self::assertRefused(409, 'NOT_RESUMABLE', $this->send('POST', "/api/export/$id/resume"));
    }

    public function testADeletedExportIsNotThere(): void
    {
        $id = $this->export();
        $response = $this->send('DELETE', "/api/export/$id");
        self::assertSame([200, true], [$response->getStatusCode(), self::in($response, 'data', 'deleted')]);
        self::assertRefused(404, 'NOT_FOUND', $this->send('DELETE', "/api/export/$id"));
        self::assertRefused(404, 'NOT_FOUND', $this->send('GET', "/api/export/$id/status"));
        self::assertRefused(404, 'NOT_FOUND', $this->send('GET', "/api/export/$id/download"));
        self::assertSame([], glob("$this->out/exp_*"));
    }

    public function testTemplatesAreListed(): void
    {
        $response = $this->send('GET', '/api/templates');
        self::assertSame(200, $response->getStatusCode());
        self::assertIsArray(self::in($response, 'templates', 'participants_standard', 'fields'));
    }

    public function testAnAdminMakesATemplate(): void
    {
        $template = ['templates' => ['participants_names' => ['fields' => ['full_name']]]];
        $response = $this->send('POST', '/api/templates', $template, 'root');
        self::assertSame([201, '/files/api/templates'], [$response->getStatusCode(), $response->getHeaderLine('Location')]);
        self::assertSame(['full_name'], self::in($response, 'templates', 'participants_names', 'fields'));
        $id = $this->export(['template' => 'names'] + self::SMALL);
        self::assertSame(200, $this->send('GET', "/api/export/$id/download")->getStatusCode());
    }

    public function testATemplateOfUnknownFieldsIsRefused(): void
    {
        $template = ['templates' => ['participants_names' => ['fields' => ['nobody']]]];
        self::assertSame(400, $this->send('POST', '/api/templates', $template, 'root')->getStatusCode());
    }

    public function testTheStatisticsHaveTheLimits(): void
    {
        $this->export();
        $response = $this->send('GET', '/api/export/stats', null, 'root');
        self::assertSame([200, 1], [$response->getStatusCode(), self::in($response, 'data', 'exports', 'completed')]);
        self::assertSame(25000, self::in($response, 'limits', 'system_limits', 'max_records_single_file'));
    }

    public function testAnEmptyObjectStaysAnObject(): void
    {
        $response = $this->send('GET', '/api/export/stats', null, 'root');
        self::assertStringContainsString('"by_type":{}', (string) $response->getBody());
    }

    public function testTheQueueHasThePlaceOfAnExport(): void
    {
        $id = $this->queued();
        $response = $this->send('GET', '/api/export/queue/status');
        self::assertSame([200, 1], [$response->getStatusCode(), self::in($response, 'data', 'queue', 'queued')]);
        self::assertNull(self::in($response, 'data', 'export_id'));
        $response = $this->send('GET', "/api/export/queue/status?export_id=$id");
        self::assertSame([$id, 1, 'high'], [
            self::in($response, 'data', 'export_id'),
            self::in($response, 'data', 'queue_position'),
            self::in($response, 'data', 'priority'),
        ]);
        self::assertRefused(404, 'NOT_FOUND', $this->send('GET', "/api/export/queue/status?export_id=$id", null, 'bob'));
        self::assertRefused(400, 'INVALID_VALUE', $this->send('GET', '/api/export/queue/status?export_id[]=x'));
        self::assertRefused(400, 'INVALID_VALUE', $this->send('GET', '/api/export/queue/status?export_id=../x'));
    }

    public function testAnEstimateStartsNothing(): void
    {
        $response = $this->send('POST', '/api/export/estimate', self::REQUEST);
        self::assertSame([200, self::PARTICIPANTS], [$response->getStatusCode(), self::in($response, 'estimated_records')]);
        self::assertSame(0, self::in($this->send('GET', '/api/export/stats', null, 'root'), 'data', 'exports', 'queued'));
        self::assertRefused(400, 'UNKNOWN_TEMPLATE', $this->send('POST', '/api/export/estimate', ['template' => 'x'] + self::REQUEST));
    }

    public function testAStreamIsTheFile(): void
    {
        $response = $this->send('POST', '/api/export/stream', self::REQUEST);
        self::assertSame(200, $response->getStatusCode());
        self::assertSame('text/csv; charset=utf-8', $response->getHeaderLine('Content-Type'));
        self::assertSame('no', $response->getHeaderLine('X-Accel-Buffering'));
        self::assertStringContainsString('"participants_export.csv"', $response->getHeaderLine('Content-Disposition'));
        self::assertFalse($response->hasHeader('Content-Length'));
        $contents = (string) $response->getBody();
        self::assertSame(self::PARTICIPANTS + 1, substr_count($contents, "\r\n"));
        $status = $this->send('GET', '/api/export/' . $response->getHeaderLine('X-Export-Id') . '/status');
        self::assertSame([200, 'success'], [$status->getStatusCode(), self::in($status, 'status')]);
        $file = $this->send('GET', '/api/export/' . $this->export(self::REQUEST) . '/download');
        self::assertSame($contents, (string) $file->getBody());
    }

    public function testAStreamOfABookNamesIt(): void
    {
        $response = $this->send('POST', '/api/export/stream', ['format' => 'excel'] + self::SMALL);
        self::assertStringContainsString('"participants_export.xlsx"', $response->getHeaderLine('Content-Disposition'));
        self::assertStringStartsWith("PK\x03\x04", (string) $response->getBody());
    }

    public function testAStreamIsRefusedBeforeItsFirstByte(): void
    {
        self::assertRefused(400, 'UNKNOWN_TEMPLATE', $this->send('POST', '/api/export/stream', ['template' => 'x'] + self::REQUEST));
        self::assertRefused(400, 'INVALID_VALUE', $this->send('POST', '/api/export/stream', self::BATCHES));
        $request = ['large_dataset_options' => 'x'] + self::REQUEST;
        self::assertRefused(400, 'INVALID_TYPE', $this->send('POST', '/api/export/stream', $request));
    }
}
