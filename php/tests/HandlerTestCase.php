<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\Role;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\Exporter;
use Ybb\Export\ExporterInterface;
use Ybb\Export\Http\Handler;
use Ybb\Export\Settings;

/**
 * A handler over the real extension: the demo database, a folder of its own for each test.
 *
 * Users: root is an admin; ana and bob export program 1; eve none; key names himself by an access token.
 */
abstract class HandlerTestCase extends TestCase
{
    protected const TOKEN = '0123456789abcdef0123456789abcdef';
    protected const BASE = 'https://admin.example.org/files';
    protected const REQUEST = ['export_type' => 'participants', 'program_id' => 1, 'format' => 'csv'];
    protected const SMALL = self::REQUEST + ['filters' => ['limit' => 20]];
    protected const BATCHES = self::REQUEST + [
        'large_dataset_options' => ['strategy' => 'multi_file', 'chunk_size' => 1000],
    ];
    /** As many as the demo database has. */
    protected const PARTICIPANTS = 3000;

    protected string $out;

    protected function setUp(): void
    {
        $source = getenv('YBB_TEST_SOURCE');
        if (!extension_loaded('ybb_export') || $source === false) {
            self::markTestSkipped('needs the extension ybb_export, and in YBB_TEST_SOURCE the DSN of a demo database');
        }
        $this->out = sys_get_temp_dir() . '/ybb-web-' . bin2hex(random_bytes(8));
        mkdir($this->out, 0o700);
        mkdir("$this->out/catalog");
        $this->configure(['source' => $source, 'out' => $this->out, 'catalog_dir' => "$this->out/catalog"]);
    }

    protected function tearDown(): void
    {
        // an export that has ended may still leave the job store: a file comes or goes at this moment
        for ($tries = 0; is_dir($this->out) && $tries < 500; $tries++) {
            self::remove($this->out);
            usleep(10000 * (int) is_dir($this->out));
        }
        self::assertDirectoryDoesNotExist($this->out);
        foreach (['source', 'out', 'catalog_dir', 'mode', 'config', 'base_url'] as $name) {
            ini_restore("ybb_export.$name");
        }
    }

    private static function remove(string $path): void
    {
        if (!is_dir($path)) {
            @unlink($path);
            return;
        }
        foreach (array_diff(@scandir($path) ?: [], ['.', '..']) as $name) {
            self::remove("$path/$name");
        }
        @rmdir($path);
    }

    /** @param array<string, string> $settings */
    protected function configure(array $settings): void
    {
        foreach ($settings as $name => $value) {
            ini_set("ybb_export.$name", $value);
        }
    }

    /** Nobody runs exports: they stay in the queue. */
    protected function leaveInQueue(): void
    {
        $this->configure(['mode' => 'worker']);
    }

    /** @param array<string, mixed> $settings */
    protected function configureFile(array $settings): void
    {
        file_put_contents("$this->out/settings.json", json_encode($settings, JSON_THROW_ON_ERROR));
        $this->configure(['config' => "$this->out/settings.json"]);
    }

    protected function handler(
        ?Settings $settings = null,
        ?ExporterInterface $exporter = null,
        ?Authenticator $users = null,
    ): Handler {
        $factory = new Psr17Factory();
        $settings ??= new Settings(self::BASE);
        return new Handler(
            $settings,
            $exporter ?? new Exporter($settings->baseUrl),
            $users ?? self::users(),
            new TokenGuard(self::TOKEN),
            $factory,
            $factory,
        );
    }

    protected static function users(): Authenticator
    {
        return new class implements Authenticator {
            public function authenticate(ServerRequestInterface $request): ?Identity
            {
                return match ($request->getHeaderLine('X-User')) {
                    'root' => new Identity('root', Role::Admin, null),
                    'ana' => new Identity('ana', programs: [1, 3], address: 'ana@example.org'),
                    'bob' => new Identity('bob', programs: [1]),
                    'eve' => new Identity('eve'),
                    'key' => new Identity('key', programs: [1], ambient: false),
                    default => null,
                };
            }
        };
    }

    /**
     * @param null|array<string, mixed>|string $body
     * @param array<string, string> $headers
     */
    protected function request(
        string $method,
        string $path,
        array|string|null $body = null,
        string $user = 'ana',
        array $headers = [],
    ): ServerRequestInterface {
        $factory = new Psr17Factory();
        $request = $factory->createServerRequest($method, self::BASE . $path)->withHeader('X-User', $user);
        parse_str($request->getUri()->getQuery(), $query);
        $request = $request->withQueryParams($query)->withHeader('X-CSRF-Token', self::TOKEN);
        if ($body !== null) {
            $text = is_string($body) ? $body : json_encode($body, JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION);
            $request = $request->withHeader('Content-Type', 'application/json')
                ->withBody($factory->createStream($text));
        }
        foreach ($headers as $name => $value) {
            $request = $value === '' ? $request->withoutHeader($name) : $request->withHeader($name, $value);
        }
        return $request;
    }

    /**
     * @param null|array<string, mixed>|string $body
     * @param array<string, string> $headers
     */
    protected function send(
        string $method,
        string $path,
        array|string|null $body = null,
        string $user = 'ana',
        array $headers = [],
    ): ResponseInterface {
        $request = $this->request($method, $path, $body, $user, $headers);
        $response = $this->handler()->handle($request);
        Contract::hold($request, explode('?', $path)[0], $response);
        return $response;
    }

    /** @param array<string, string> $headers */
    protected function page(string $path, string $user = 'ana', array $headers = []): ResponseInterface
    {
        return $this->handler()->handle($this->request('GET', $path, null, $user, $headers));
    }

    /**
     * What a page says, as a reader sees its characters.
     *
     * @param array<string, string> $headers
     */
    protected function pageText(string $path, string $user = 'ana', array $headers = []): string
    {
        return html_entity_decode((string) $this->page($path, $user, $headers)->getBody(), ENT_QUOTES | ENT_HTML5);
    }

    /**
     * Sends a form as a browser does: no header has the token.
     *
     * @param array<string, mixed> $fields
     */
    protected function submit(
        string $path,
        array $fields,
        string $user = 'ana',
        string $token = self::TOKEN,
        ?Authenticator $users = null,
    ): ResponseInterface {
        $headers = ['Content-Type' => 'application/x-www-form-urlencoded', 'X-CSRF-Token' => ''];
        $request = $this->request('POST', $path, null, $user, $headers)->withParsedBody($fields + ['csrf_token' => $token]);
        return $this->handler(users: $users)->handle($request);
    }

    /** What stands at a path of a JSON answer. */
    protected static function in(ResponseInterface $response, string ...$path): mixed
    {
        self::assertSame('application/json', $response->getHeaderLine('Content-Type'));
        $response->getBody()->rewind();
        $value = json_decode($response->getBody()->getContents(), true, 512, JSON_THROW_ON_ERROR);
        foreach ($path as $key) {
            $value = is_array($value) ? $value[$key] ?? null : null;
        }
        return $value;
    }

    protected static function text(ResponseInterface $response, string ...$path): string
    {
        $value = self::in($response, ...$path);
        self::assertIsString($value, implode('.', $path) . ' of ' . $response->getBody());
        return $value;
    }

    /** @param array<string, string> $headers that it has, too */
    protected static function assertRefused(
        int $status,
        string $code,
        ResponseInterface $response,
        array $headers = [],
    ): void {
        self::assertSame([$status, $code], [$response->getStatusCode(), self::in($response, 'error_code')]);
        self::assertSame('error', self::in($response, 'status'));
        self::assertSame('no-store', $response->getHeaderLine('Cache-Control'));
        foreach ($headers as $name => $value) {
            self::assertSame($value, $response->getHeaderLine($name));
        }
    }

    /**
     * Starts an export over HTTP and waits until it has ended.
     *
     * @param array<string, mixed> $request
     * @return string its id
     */
    protected function export(array $request = self::SMALL, string $user = 'ana'): string
    {
        $response = $this->send('POST', '/api/export', $request, $user);
        $id = self::text($response, 'export_id');
        self::assertSame('success', ybb_export_wait($id, 60)['status']);
        return $id;
    }

    /** An export in the queue: nobody runs it, unless an export before it has begun to run in this test. */
    protected function queued(string $user = 'ana'): string
    {
        $this->leaveInQueue();
        $response = $this->send('POST', '/api/export', self::REQUEST, $user);
        self::assertSame(202, $response->getStatusCode());
        return self::text($response, 'export_id');
    }

    /** Has an export's time be over. */
    protected function expire(string $id): void
    {
        $store = new \PDO("sqlite:$this->out/ybbexport.db");
        $store->prepare('UPDATE ybbexport_jobs SET expires_at = 1 WHERE id = ?')->execute([$id]);
        ybb_export_sweep();
    }
}
