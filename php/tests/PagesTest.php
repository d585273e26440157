<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Answer;
use Ybb\Export\Exporter;
use Ybb\Export\Pages\Html;
use Ybb\Export\Pages\StatisticsView;
use Ybb\Export\Pages\Texts;

/**
 * The pages as who has no script sees them.
 */
final class PagesTest extends HandlerTestCase
{
    private const FILLED = ['export_type' => 'participants', 'program_id' => '1', 'format' => 'csv', 'template' => 'standard'];

    private static function dom(ResponseInterface $response): \DOMXPath
    {
        self::assertSame('text/html; charset=utf-8', $response->getHeaderLine('Content-Type'));
        self::assertStringContainsString("default-src 'none'", $response->getHeaderLine('Content-Security-Policy'));
        $document = new \DOMDocument();
        // libxml knows HTML 4 alone
        self::assertTrue($document->loadHTML((string) $response->getBody(), LIBXML_NOERROR));
        $dom = new \DOMXPath($document);
        self::assertCount(0, self::all($dom, '//script[not(@src)] | //style | //@style | //@*[starts-with(name(), "on")]'));
        self::assertCount(1, self::all($dom, '//h1'));
        foreach (self::all($dom, '//input[not(@type="hidden")] | //select') as $field) {
            $id = $field->getAttribute('id');
            $labelled = $field->hasAttribute('aria-label') || count(self::all($dom, "//label[@for='$id']")) === 1
                || count(self::all($dom, 'ancestor::label', $field)) === 1;
            self::assertTrue($labelled, 'no label: ' . $field->getAttribute('name'));
        }
        $ids = array_map(static fn(\DOMElement $element): string => $element->getAttribute('id'), self::all($dom, '//*[@id]'));
        self::assertSame($ids, array_values(array_unique($ids)));
        return $dom;
    }

    /** @return list<\DOMElement> */
    private static function all(\DOMXPath $dom, string $query, ?\DOMNode $from = null): array
    {
        $found = $dom->query($query, $from);
        self::assertNotFalse($found);
        return array_values(array_filter(iterator_to_array($found), static fn(mixed $node): bool => $node instanceof \DOMElement));
    }

    private static function shown(ResponseInterface|\DOMXPath $of, string $query = '//main'): string
    {
        $dom = $of instanceof ResponseInterface ? self::dom($of) : $of;
        return implode(' ', array_map(static fn(\DOMElement $element): string => $element->textContent, self::all($dom, $query)));
    }

    public function testTheFormHasWhatTheTypeHas(): void
    {
        $dom = self::dom($this->page('/exports/new?export_type=payments'));
        foreach (['filters[status][]', 'filters[date_range][start]', 'filters[amount_range][max]', 'columns[]', 'options[sort_by]'] as $name) {
            self::assertNotEmpty(self::all($dom, "//*[@name='$name']"), $name);
        }
        self::assertEmpty(self::all($dom, "//*[@name='filters[category][]']"));
        // a column of names, but the filter takes numbers
        self::assertSame('Number of the payment method (1: Midtrans, 2: manual transfer)', self::shown($dom, '//label[@for="f-filters-payment-method"]'));
        self::assertSame('Currency', self::shown($dom, '//label[@for="f-filters-currency"]'));
        self::assertSame('Payments', self::shown($dom, '//nav[not(@class)]//a[@aria-current="page"]'));
        self::assertCount(31, self::all($dom, '//tbody/tr'));
    }

    public function testALinkFillsTheFormIn(): void
    {
        $query = http_build_query(['filters' => ['category' => ['self_funded'], 'limit' => '7'], 'format' => 'csv', 'columns' => ['email']]);
        $dom = self::dom($this->page("/exports/new?export_type=participants&$query"));
        self::assertCount(1, self::all($dom, "//input[@name='filters[category][]' and @checked and @value='self_funded']"));
        self::assertCount(1, self::all($dom, "//input[@name='filters[limit]' and @value='7']"));
        self::assertCount(1, self::all($dom, "//option[@value='csv' and @selected]"));
        self::assertCount(1, self::all($dom, "//input[@name='columns[]' and @checked and @value='email']"));
        // what is ticked stands in front, also without places
        self::assertSame('email', self::all($dom, "//input[@name='columns[]']")[0]->getAttribute('value'));
    }

    public function testAUserChoosesAmongHisPrograms(): void
    {
        $dom = self::dom($this->page('/exports/new'));
        self::assertCount(2, self::all($dom, "//select[@name='program_id']/option"));
        $dom = self::dom($this->page('/exports/new', 'root'));
        self::assertCount(1, self::all($dom, "//input[@name='program_id']"));
    }

    public function testAFormIsEstimated(): void
    {
        $response = $this->submit('/exports/new', self::FILLED + ['do' => 'estimate', 'filters' => ['limit' => '12']]);
        self::assertSame(200, $response->getStatusCode());
        self::assertStringContainsString('Records: 12, files: 1', self::shown($response, '//*[@id="estimate"]'));
        self::assertSame([], glob("$this->out/exp_*"));
    }

    public function testAFormIsStartedAndLeadsToItsFile(): void
    {
        $response = $this->submit('/exports/new', self::FILLED + ['do' => 'start', 'filters' => ['limit' => '12', 'category' => ['', 'self_funded']]]);
        self::assertSame(303, $response->getStatusCode());
        self::assertMatchesRegularExpression('#^/files/exports/exp_[a-z0-9]{26}$#D', $response->getHeaderLine('Location'));
        $page = $this->page(substr($response->getHeaderLine('Location'), strlen('/files')));
        $dom = self::dom($page);
        self::assertSame('Export ready', self::shown($dom, '//h1'));
        $link = self::all($dom, '//a[@download]')[0]->getAttribute('href');
        $file = $this->page(substr($link, strlen('/files')));
        self::assertSame([200, 13], [$file->getStatusCode(), substr_count((string) $file->getBody(), "\r\n")]);
    }

    public function testColumnsAreExportedInTheOrderOfTheirPlacesUnderTheirNames(): void
    {
        $form = self::FILLED + ['do' => 'start', 'filters' => ['limit' => '1'], 'columns' => ['id', 'email', 'full_name'],
            'places' => ['email' => '2', 'full_name' => '1', 'id' => ''], 'headers' => ['email' => 'Mail', 'gender' => 'x']];
        $location = $this->submit('/exports/new', $form)->getHeaderLine('Location');
        $file = $this->page('/api/export/' . basename($location) . '/download');
        self::assertMatchesRegularExpression('/^\x{FEFF}Full Name,Mail,[^,\r]+\r\n/u', (string) $file->getBody());
    }

    public function testWhatIsRefusedIsShownAboveTheFormAsItWasFilledIn(): void
    {
        $response = $this->submit('/exports/new', ['program_id' => '2', 'filters' => ['limit' => '9']] + self::FILLED);
        self::assertSame(403, $response->getStatusCode());
        self::assertStringContainsString('program 2 is not one of yours', self::shown($response, '//*[@role="alert"]'));
        self::assertCount(1, self::all(self::dom($response), "//input[@name='filters[limit]' and @value='9']"));
        $response = $this->submit('/exports/new', self::FILLED + ['filters' => ['limit' => 'nine']]);
        self::assertSame(400, $response->getStatusCode());
        self::assertStringContainsString('limit', self::shown($response, '//*[@role="alert"]'));
    }

    public function testWhoeverIsToAskAgainIsToldWhen(): void
    {
        $this->configureFile(['queue_config' => ['max_unfinished_per_owner' => 1]]);
        $this->queued();
        $response = $this->submit('/exports/new', self::FILLED + ['do' => 'start']);
        self::assertSame(429, $response->getStatusCode());
        self::assertGreaterThan(0, (int) $response->getHeaderLine('Retry-After'));
        $this->configure(['source' => 'mysql://nobody@localhost/x?socket=/nonexistent/socket']);
        $response = $this->submit('/exports/new', self::FILLED + ['do' => 'estimate']);
        self::assertSame([503, '2'], [$response->getStatusCode(), $response->getHeaderLine('Retry-After')]);
    }

    public function testProgressIsABarWithItsLabelAndALiveRegion(): void
    {
        $dom = self::dom($this->page('/exports/' . $this->queued()));
        self::assertSame('Export in progress', self::shown($dom, '//h1'));
        self::assertCount(1, self::all($dom, '//progress[@id="bar" and @max="100" and @value="0"]'));
        self::assertCount(1, self::all($dom, '//label[@for="bar"]'));
        self::assertCount(1, self::all($dom, '//*[@aria-live="polite" and not(ancestor::*[@id="export"])]'));
        self::assertStringContainsString('Place in the queue: 1', self::shown($dom));
        self::assertSame('Participants, CSV, Standard, program 1', self::shown($dom, '//p[@class="subject"]'));
    }

    public function testBatchesAndTheirArchiveAreLinks(): void
    {
        $dom = self::dom($this->page('/exports/' . $this->export(self::BATCHES)));
        $links = array_map(static fn(\DOMElement $a): string => $a->getAttribute('href'), self::all($dom, '//ul[@class="files"]//a'));
        self::assertCount(4, $links);
        foreach ($links as $link) {
            self::assertSame(200, $this->page(substr($link, strlen('/files')))->getStatusCode(), $link);
        }
        self::assertStringContainsString('All files and their manifest in one archive', self::shown($dom));
        self::assertSame('Participants, CSV, Standard, program 1', self::shown($dom, '//p[@class="subject"]'));
    }

    public function testACancelledExportGoesOnByAButton(): void
    {
        $id = $this->queued();
        ybb_export_cancel($id);
        $dom = self::dom($this->page("/exports/$id"));
        self::assertSame('Export cancelled', self::shown($dom, '//h1'));
        self::assertCount(1, self::all($dom, "//form[@action='/files/exports/$id/resume']"));
        $response = $this->submit("/exports/$id/resume", []);
        self::assertSame([303, "/files/exports/$id"], [$response->getStatusCode(), $response->getHeaderLine('Location')]);
        self::assertSame('Export in progress', self::shown($this->page("/exports/$id"), '//h1'));
        self::assertSame(409, $this->submit("/exports/$id/resume", [])->getStatusCode());
    }

    public function testAnExportThatFailedOffersWhatHelps(): void
    {
        $request = ['format' => 'excel', 'options' => ['sort_by' => 'full_name'],
            'large_dataset_options' => ['strategy' => 'single', 'memory_limit' => '1KB']] + self::REQUEST;
        $id = self::text($this->send('POST', '/api/export', $request), 'export_id');
        self::assertSame('MEMORY_LIMIT', ybb_export_wait($id, 60)['error_code'] ?? '');
        $dom = self::dom($this->page("/exports/$id"));
        self::assertSame('Export failed', self::shown($dom, '//h1'));
        self::assertNotSame('', self::shown($dom, '//*[@role="alert"]'));
        self::assertCount(1, self::all($dom, "//a[contains(@href, '/exports/new?repeat=$id')]"));
        $status = ybb_export_status($id);
        $size = (new Answer($status))->get('details', 'suggested_chunk_size');
        self::assertIsInt($size);
        $hows = array_map(static fn(\DOMElement $how): string => $how->getAttribute('value'), self::all($dom, "//input[@name='how']"));
        self::assertSame(['limit', 'again'], $hows);
        $response = $this->submit("/exports/$id/retry", ['how' => 'limit']);
        self::assertSame(303, $response->getStatusCode());
        $again = substr($response->getHeaderLine('Location'), -30);
        self::assertNotSame($id, $again);
        $asked = ybb_export_wait($again, 60)['metadata'] ?? [];
        self::assertIsArray($asked);
        self::assertSame(['limit' => $size], $asked['filters_applied'] ?? null);
        self::assertSame(['sort_by' => 'full_name'], ((array) $asked['request'])['options'] ?? null);
        self::assertSame(409, $this->submit("/exports/$id/retry", ['how' => 'smaller'])->getStatusCode());
        self::assertSame(409, $this->submit("/exports/$id/retry", [])->getStatusCode());
        self::assertSame(404, $this->submit("/exports/$id/retry", ['how' => 'limit'], 'bob')->getStatusCode());
        self::assertSame(403, $this->submit("/exports/$id/retry", ['how' => 'limit'], 'ana', 'wrong')->getStatusCode());
    }

    public function testAnExportIsRepeatedAsItWasAskedFor(): void
    {
        $id = $this->export(['format' => 'excel', 'template' => 'custom', 'filters' => ['category' => 'self_funded', 'limit' => 30],
            'fields' => [['field' => 'email', 'header' => 'Mail'], 'full_name'], 'idempotency_key' => 'one',
            'options' => ['sort_by' => 'email', 'include_status' => true],
            'large_dataset_options' => ['strategy' => 'multi_file', 'chunk_size' => 1000]] + self::REQUEST);
        $dom = self::dom($this->page("/exports/new?repeat=$id"));
        foreach ([
            "//option[@value='excel' and @selected]", "//input[@name='filters[category][]' and @value='self_funded' and @checked]",
            "//input[@name='filters[limit]' and @value='30']", "//select[@name='options[sort_by]']/option[@value='email' and @selected]",
            "//input[@name='options[include_status]' and @checked]", "//option[@value='multi_file' and @selected]",
            "//input[@name='chunk_size' and @value='1000']", "//input[@name='headers[email]' and @value='Mail']",
            "//table[@id='columns']/tbody/tr[1]//input[@value='email' and @checked]",
            "//table[@id='columns']/tbody/tr[2]//input[@value='full_name' and @checked]",
        ] as $query) {
            self::assertCount(1, self::all($dom, $query), $query);
        }
        self::assertSame(404, $this->page("/exports/new?repeat=$id", 'bob')->getStatusCode());
        foreach (['x', "exp_%00", ''] as $none) {
            self::assertSame(404, $this->page("/exports/new?repeat=$none")->getStatusCode());
        }
    }

    public function testMyExportsAreMineAndEverybodysForAdmins(): void
    {
        $mine = $this->export();
        $bobs = $this->export(self::SMALL, 'bob');
        $dom = self::dom($this->page('/exports'));
        self::assertSame('My exports', self::shown($dom, '//h1'));
        self::assertCount(1, self::all($dom, '//table[@class="exports"]/tbody/tr'));
        self::assertCount(1, self::all($dom, "//th/a[@href='/files/exports/$mine']"));
        self::assertCount(1, self::all($dom, "//a[@href='/files/exports/new?repeat=$mine']"));
        self::assertCount(1, self::all($dom, "//details//form[@action='/files/exports/$mine/delete']"));
        self::assertStringContainsString('Ready', self::shown($dom, '//td[@data-label="State"]'));
        self::assertEmpty(self::all($dom, "//a[contains(@href, 'owner=all')]"));
        self::assertSame(403, $this->page('/exports?owner=all')->getStatusCode());
        self::assertStringContainsString('There are none yet', self::shown($this->page('/exports', 'root')));
        $all = self::dom($this->page('/exports?owner=all&most=1', 'root'));
        self::assertStringContainsString('bob', self::shown($all, "//th/a[@href='/files/exports/$bobs']"));
        $older = self::all($all, '//a[@rel="next"]');
        self::assertCount(1, $older);
        $next = self::dom($this->page(substr($older[0]->getAttribute('href'), strlen('/files')), 'root'));
        self::assertCount(1, self::all($next, "//th/a[@href='/files/exports/$mine']"));
        self::assertSame([], self::all($next, '//a[@rel="next"]'));
        foreach (['before=x', 'most=-1', 'owner=bob'] as $query) {
            self::assertSame(400, $this->page("/exports?$query")->getStatusCode(), $query);
        }
    }

    public function testWhatIsMadeShowsItsProgressAmongMyExports(): void
    {
        $id = $this->queued();
        $dom = self::dom($this->page('/exports'));
        self::assertCount(1, self::all($dom, '//td/progress[@value="0" and @max="100" and @aria-label]'));
        ybb_export_cancel($id);
        self::assertStringContainsString('Cancelled', self::shown($this->page('/exports'), '//td[@data-label="State"]'));
    }

    public function testPagesLeadToEachOther(): void
    {
        foreach (['/exports', '/exports/new'] as $path) {
            $dom = self::dom($this->page($path));
            self::assertSame("/files$path", self::all($dom, '//nav[@class="pages"]//a[@aria-current="page"]')[0]->getAttribute('href'));
            self::assertCount(2, self::all($dom, '//nav[@class="pages"]//a'));
        }
        self::assertCount(3, self::all(self::dom($this->page('/exports/statistics', 'root')), '//nav[@class="pages"]//a'));
        // a refusal is no dead end, but for whom the other pages would refuse as well
        $mine = '//main//a[@href="/files/exports"]';
        self::assertCount(1, self::all(self::dom($this->page('/exports/nowhere')), $mine));
        self::assertCount(0, self::all(self::dom($this->page('/exports', 'nobody')), $mine));
    }

    public function testALinkIsHandedOnWhereTheyAreSigned(): void
    {
        $id = $this->export();
        self::assertEmpty(self::all(self::dom($this->page("/exports/$id")), '//input[@id="link"]'));
        $this->configureFile(['link_secret' => str_repeat('s', 32)]);
        $link = self::all(self::dom($this->page("/exports/$id")), '//input[@id="link"]')[0]->getAttribute('value');
        self::assertStringStartsWith(self::BASE . "/api/export/$id/download?signature=", $link);
        self::assertSame(200, $this->page(substr($link, strlen(self::BASE)), 'nobody')->getStatusCode());
    }

    public function testChartsAreDrawnByTheServerBesideTheirTables(): void
    {
        $this->export();
        $dom = self::dom($this->page('/exports/statistics', 'root'));
        $charts = self::all($dom, '//figure/svg[@role="img" and @aria-label=../figcaption]');
        self::assertCount(5, $charts);
        self::assertNotEmpty(self::all($dom, '//figure[figcaption="Records exported in the last 7 days"]//text[.="20"]'));
        self::assertCount(3, self::all($dom, '//table'));
    }

    public function testAnExpiredExportIsGoneAndCanBeRepeated(): void
    {
        $id = $this->export(self::SMALL);
        $this->expire($id);
        $response = $this->page("/exports/$id");
        self::assertSame(410, $response->getStatusCode());
        $dom = self::dom($response);
        self::assertCount(1, self::all($dom, "//a[contains(@href, '/exports/new?repeat=$id')]"));
        self::assertCount(1, self::all(self::dom($this->page("/exports/new?repeat=$id")), "//input[@name='filters[limit]' and @value='20']"));
    }

    public function testAdminsSeeTheQueue(): void
    {
        $this->queued();
        $dom = self::dom($this->page('/exports/statistics', 'root'));
        self::assertSame('1 of at most 50 exports wait.', self::shown($dom, '//p[@id="fill"]'));
        self::assertCount(1, self::all($dom, '//meter[@value="1" and @max="50"]'));
        self::assertSame(['1', '0', '5'], $this->row($dom, 'Now', 'High'));
        $refused = $this->page('/exports/statistics');
        self::assertSame([403, 'This did not work'], [$refused->getStatusCode(), self::shown($refused, '//h1')]);
    }

    public function testAdminsSeeWhatWasExported(): void
    {
        $this->export();
        $dom = self::dom($this->page('/exports/statistics', 'root'));
        self::assertSame(['1', '0', '0', '20'], array_slice($this->row($dom, 'The last 7 days, by type', 'Participants'), 0, 4));
        self::assertSame('1', self::shown($dom, '//dt[.="Completed"]/following-sibling::dd[1]'));
    }

    public function testStatisticsSayHowLongAnExportTakes(): void
    {
        $runs = ['completed' => 4, 'processing_seconds' => 10.2, 'records' => 1] + array_fill_keys(['failed', 'cancelled', 'records_per_second'], 0);
        $view = fn(string $language): string => (string) (new StatisticsView(Texts::in($language), new Answer(
            ['status' => 'success', 'data' => ['by_type' => ['payments' => $runs], 'by_class' => ['low' => ['completed' => 0] + $runs]]],
        )))->main();
        self::assertStringContainsString('<td data-label="Seconds an export">2.6</td>', $view('en'));
        self::assertStringContainsString('>2,6</td>', $view('id'));
        self::assertStringContainsString('<td data-label="Seconds an export">–</td>', $view('en'));
    }

    /** @return list<string> */
    private function row(\DOMXPath $dom, string $caption, string $row): array
    {
        $cells = self::all($dom, "//table[caption='$caption']//tr[th='$row']/td");
        return array_map(static fn(\DOMElement $cell): string => $cell->textContent, $cells);
    }

    public function testAnExportIsDeletedByAButton(): void
    {
        $id = $this->export();
        self::assertSame(404, $this->submit("/exports/$id/delete", [], 'bob')->getStatusCode());
        self::assertSame(403, $this->submit("/exports/$id/delete", [], 'ana', 'wrong')->getStatusCode());
        self::assertSame(200, $this->page("/exports/$id")->getStatusCode());
        self::assertSame('The export was deleted', self::shown($this->submit("/exports/$id/delete", []), '//h1'));
        self::assertSame(404, $this->page("/exports/$id")->getStatusCode());
    }

    public function testPagesAreForWhoHasLoggedInAndForTheOwner(): void
    {
        $id = $this->export();
        foreach (['/exports/new', "/exports/$id"] as $path) {
            $response = $this->page($path, 'nobody');
            self::assertSame(401, $response->getStatusCode());
            self::assertSame('This did not work', self::shown($response, '//h1'));
        }
        self::assertSame(404, $this->page("/exports/$id", 'bob')->getStatusCode());
        self::assertSame(200, $this->page("/exports/$id", 'root')->getStatusCode());
    }

    public function testAFormOfAnotherSiteIsRefused(): void
    {
        foreach (['', 'wrong'] as $token) {
            self::assertSame(403, $this->submit('/exports/new', self::FILLED + ['do' => 'start'], 'ana', $token)->getStatusCode());
        }
        self::assertSame([], glob("$this->out/exp_*"));
    }

    public function testAFormThatIsTooOldIsShownAgainAsItWasFilledIn(): void
    {
        $form = self::FILLED + ['do' => 'start', 'filters' => ['limit' => '9'], 'columns' => ['email'], 'headers' => ['email' => 'Write to']];
        $response = $this->submit('/exports/new', $form, 'ana', 'of an earlier session');
        self::assertSame(403, $response->getStatusCode());
        $dom = self::dom($response);
        self::assertStringContainsString('send it again', self::shown($dom, '//*[@role="alert"]'));
        foreach (['csrf_token' => self::TOKEN, 'filters[limit]' => '9', 'headers[email]' => 'Write to'] as $name => $value) {
            self::assertCount(1, self::all($dom, "//input[@name='$name' and @value='$value']"), $name);
        }
        self::assertSame([], glob("$this->out/exp_*"));
        self::assertSame(401, $this->submit('/exports/new', $form, 'nobody', 'x')->getStatusCode());
    }

    /** @return list<array{array<string, mixed>}> */
    public static function oddForms(): array
    {
        return [
            [[]], [['export_type' => ['x']]], [['filters' => 'x']], [['filters' => ['category' => ['a' => ['b' => 'c']]]]],
            [['columns' => 'x', 'places' => 'y', 'headers' => ['z']]], [['options' => ['sort_by' => ['x']]]], [['program_id' => ['1']]],
            [['export_type' => "\xff"]], [['filters' => ['category' => "\xff"]]], [['chunk_size' => '-1']],
        ];
    }

    /** @param array<string, mixed> $form */
    #[DataProvider('oddForms')]
    public function testAFormThatNoPageSendsIsRefusedOrFilledIn(array $form): void
    {
        foreach (['estimate', 'start'] as $do) {
            $response = $this->submit('/exports/new', $form + self::FILLED + ['do' => $do], 'root');
            self::assertContains($response->getStatusCode(), [200, 303, 400]);
        }
        self::assertSame(200, $this->page('/exports/new?' . http_build_query($form))->getStatusCode());
    }

    public function testWhatComesFromOutsideIsTextInAPage(): void
    {
        $evil = '"><script>alert(1)</script>';
        $query = http_build_query(['filters' => ['ambassador_ref' => $evil], 'headers' => ['email' => $evil], 'export_type' => $evil]);
        $body = (string) $this->page("/exports/new?$query")->getBody();
        self::assertStringNotContainsString('<script>alert', $body);
        self::assertStringContainsString('&lt;script&gt;alert', $body);
        $refused = $this->submit('/exports/new', ['filters' => ['limit' => $evil]] + self::FILLED);
        self::assertStringNotContainsString('<script>alert', (string) $refused->getBody());
        self::assertSame('<p title="&quot;&amp;&apos;">&lt;b&gt;&#65533;</p>', str_replace("\u{FFFD}", '&#65533;', (string) Html::of('p', ['title' => '"&\''], "<b>\xff")));
    }

    public function testPagesSpeakIndonesian(): void
    {
        $response = $this->page('/exports/new?export_type=participants', 'ana', ['Accept-Language' => 'fr, id;q=0.8, en;q=0.5']);
        self::assertSame('id', $response->getHeaderLine('Content-Language'));
        $dom = self::dom($response);
        self::assertCount(1, self::all($dom, '//html[@lang="id"]'));
        self::assertSame('Ekspor baru', self::shown($dom, '//h1'));
        self::assertSame('Peserta', self::shown($dom, '//nav[not(@class)]//a[@aria-current="page"]'));
        self::assertSame('Kategori', self::shown($dom, '//legend[1][../label/input[@name="filters[category][]"]]'));
        self::assertSame('Kode duta', self::shown($dom, '//label[@for="f-filters-ambassador-ref"]'));
    }

    public function testBothLanguagesHaveTheSameTextsWithTheSamePlaces(): void
    {
        $all = ['en' => [], 'id' => []];
        foreach (Texts::LANGUAGES as $language) {
            $texts = require dirname(__DIR__) . "/resources/texts/$language.php";
            self::assertIsArray($texts);
            foreach ($texts as $name => $text) {
                self::assertIsString($text);
                preg_match_all('/\{\w+\}/', $text, $places);
                sort($places[0]);
                $all[$language][(string) $name] = $places[0];
            }
        }
        self::assertSame($all['en'], $all['id']);
    }

    public function testEveryNameOfTheCatalogHasAText(): void
    {
        foreach (Texts::LANGUAGES as $language) {
            $texts = Texts::in($language);
            $types = (new Exporter())->templates()->get('export_types');
            self::assertIsArray($types);
            foreach (array_keys($types) as $type) {
                $page = (string) $this->page("/exports/new?export_type=$type", 'ana', ['Accept-Language' => $language])->getBody();
                // a name that has none shows its own letters, which in English alone are words
                self::assertDoesNotMatchRegularExpression('/>\s*(Include|Group by|Min|Max|Date range|Amount range)\b/', $page);
            }
            self::assertSame('Own thing', $texts->called('own_thing'));
        }
    }

    public function testAssetsAreKeptForEver(): void
    {
        $dom = self::dom($this->page('/exports/new'));
        foreach ([self::all($dom, '//script')[0]->getAttribute('src'), self::all($dom, '//link')[0]->getAttribute('href')] as $asset) {
            $response = $this->page(substr($asset, strlen('/files')), 'nobody');
            self::assertSame(200, $response->getStatusCode());
            self::assertStringContainsString('immutable', $response->getHeaderLine('Cache-Control'));
            self::assertSame('nosniff', $response->getHeaderLine('X-Content-Type-Options'));
            self::assertSame($response->getHeaderLine('Content-Length'), (string) strlen((string) $response->getBody()));
        }
        self::assertSame(404, $this->page('/exports/assets/00000000/../en.php', 'nobody')->getStatusCode());
    }
}
