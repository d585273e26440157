<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Answer;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\Role;
use Ybb\Export\Pages\MailState;
use Ybb\Export\Pages\Texts;

/**
 * Mail about an export: to whom, and what the pages say of it. Nobody serves at the mail server's port.
 */
final class MailTest extends HandlerTestCase
{
    private const OWN = 'ana@example.org';
    private const FORM = ['export_type' => 'participants', 'program_id' => '1', 'format' => 'csv', 'filters' => ['limit' => '5'], 'do' => 'start'];

    private function serveMail(): void
    {
        $this->configureFile([
            'base_url' => self::BASE,
            'link_secret' => str_repeat('s', 32),
            'mail' => ['server' => 'smtp://127.0.0.1:1', 'from' => 'exports@example.org', 'starttls' => false, 'max_attempts' => 1],
        ]);
        if ((new Answer(ybb_export_templates()))->get('email_notification') !== true) {
            self::markTestSkipped('the library was made without libcurl');
        }
    }

    /** @return array<string, mixed> */
    private static function mailed(string $address, string $part = 'delivery_options'): array
    {
        return self::SMALL + [$part => ['email_notification' => true, 'email_address' => $address]];
    }

    /** The page's paragraph about the mail, when that has come to its end. */
    private function told(string $id, string $user = 'ana'): string
    {
        for ($tries = 0; $tries < 500; $tries++) {
            if (preg_match('#<p id="mail" data-state="failed">(.*?)</p>#', $this->pageText("/exports/$id", $user), $found) === 1) {
                return $found[1];
            }
            usleep(20000);
        }
        self::fail('the mail does not fail');
    }

    public function testMailGoesToTheUsersOwnAddressAndToNoOther(): void
    {
        $this->serveMail();
        foreach (['delivery_options', 'large_dataset_options'] as $part) {
            $answer = $this->send('POST', '/api/export', self::mailed(self::OWN, $part));
            self::assertSame(200, $answer->getStatusCode());
            self::assertIsString(self::in($answer, 'notification', 'state'));
            $answer = $this->send('POST', '/api/export', self::mailed('bob@example.org', $part));
            self::assertRefused(400, 'INVALID_VALUE', $answer);
            self::assertSame("$part.email_address", self::text($answer, 'details', 'field'));
        }
        // what ana may is nobody else's
        self::assertRefused(400, 'INVALID_VALUE', $this->send('POST', '/api/export', self::mailed(self::OWN), 'bob'));
        self::assertRefused(400, 'UNKNOWN_KEY', $this->send('POST', '/api/export', self::SMALL + ['own_address' => self::OWN], 'bob'));
    }

    public function testTheFormOffersMailToWhoHasAnAddress(): void
    {
        self::assertStringNotContainsString('name="mail"', $this->pageText('/exports/new'));
        $this->serveMail();
        self::assertStringContainsString('Send an e-mail to ana@example.org when it has ended', $this->pageText('/exports/new'));
        self::assertStringNotContainsString('name="mail"', $this->pageText('/exports/new', 'bob'));
    }

    public function testAFormThatWantsMailHasIt(): void
    {
        $this->serveMail();
        $started = $this->submit('/exports/new', self::FORM + ['mail' => 'on', 'email_address' => 'bob@example.org']);
        self::assertSame(303, $started->getStatusCode());
        $id = basename($started->getHeaderLine('Location'));
        $asked = (new Answer(ybb_export_status($id)))->get('metadata', 'request', 'delivery_options');
        self::assertSame(['email_notification' => true, 'email_address' => self::OWN], $asked);
        self::assertMatchesRegularExpression('/name="mail" value="on" checked/', $this->pageText("/exports/new?repeat=$id"));
        $without = $this->submit('/exports/new', self::FORM + ['mail' => 'on'], 'bob');
        self::assertNull((new Answer(ybb_export_status(basename($without->getHeaderLine('Location')))))->get('notification'));
    }

    public function testThePageSaysWhatBecameOfTheMail(): void
    {
        $this->serveMail();
        $id = basename($this->submit('/exports/new', self::FORM + ['mail' => 'on'])->getHeaderLine('Location'));
        self::assertSame(
            'The e-mail about this export could not be sent. The mail server cannot be reached.',
            $this->told($id),
        );
        self::assertStringContainsString('In detail: ', $this->told($id, 'root'));
        self::assertStringNotContainsString('id="mail"', $this->pageText('/exports/' . $this->export()));
    }

    /** @return list<array{array<string, mixed>, string}> */
    public static function states(): array
    {
        $error = ['error_code' => 'MAIL_DEFERRED', 'message' => 'the mail server puts the e-mail off (450)'];
        $none = ['attempts' => 0, 'next_attempt_at' => null, 'sent_at' => null, 'last_error' => null];
        return [
            [['state' => 'waiting'] + $none, 'An e-mail is sent when the export has ended.'],
            [['state' => 'queued'] + $none, 'The e-mail about this export is about to be sent.'],
            [
                ['state' => 'queued', 'attempts' => 1, 'next_attempt_at' => '2026-11-29T06:00:00Z', 'last_error' => $error] + $none,
                'The mail server puts the e-mail off. In detail: the mail server puts the e-mail off (450) It is tried again at 2026-11-29 06:00 (UTC).',
            ],
            [['state' => 'sending'] + $none, 'The e-mail about this export is being sent.'],
            [['state' => 'sent', 'sent_at' => '2026-11-29T06:00:00Z'] + $none, 'was sent at 2026-11-29 06:00 (UTC).'],
            [['state' => 'dropped'] + $none, 'it was cancelled, or its time is over.'],
            [['state' => 'something new'] + $none, ''],
        ];
    }

    /** @param array<string, mixed> $notification */
    #[DataProvider('states')]
    public function testEveryStateHasItsText(array $notification, string $expected): void
    {
        $told = (new MailState(Texts::in('en')))->of(new Answer(['notification' => $notification]));
        $text = html_entity_decode(strip_tags((string) $told), ENT_QUOTES | ENT_HTML5);
        $expected === '' ? self::assertNull($told) : self::assertStringEndsWith($expected, $text);
    }

    public function testAnAdminWhoTriesAnothersExportAgainHasTheMailHimself(): void
    {
        $this->serveMail();
        $this->leaveInQueue();
        $admin = fn(?string $address): Authenticator => new class ($address) implements Authenticator {
            public function __construct(private readonly ?string $address) {}

            public function authenticate(ServerRequestInterface $request): Identity
            {
                return new Identity('root', Role::Admin, null, address: $this->address);
            }
        };
        foreach (['delivery_options', 'large_dataset_options'] as $part) {
            $request = ['filters' => ['category' => 'self_funded']] + self::REQUEST + self::mailed(self::OWN, $part);
            $id = self::text($this->send('POST', '/api/export', $request), 'export_id');
            ybb_export_cancel($id);
            foreach ([null, 'root@example.org'] as $address) {
                $response = $this->submit("/exports/$id/retry", ['how' => 'again'], 'root', users: $admin($address));
                self::assertSame(303, $response->getStatusCode());
                $asked = (new Answer(ybb_export_status(basename($response->getHeaderLine('Location')))))->get('metadata', 'request', $part);
                self::assertEquals(['email_notification' => $address !== null, 'email_address' => $address], $asked);
            }
            $response = $this->submit("/exports/$id/retry", ['how' => 'again']);
            $asked = (new Answer(ybb_export_status(basename($response->getHeaderLine('Location')))))->get('metadata', 'request', $part);
            self::assertEquals(['email_notification' => true, 'email_address' => self::OWN], $asked);
        }
    }
}
