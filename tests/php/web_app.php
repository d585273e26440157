<?php

/* The application of the tests over HTTP: two roles in PHP's own sessions, and the handler of the package in php/. */

declare(strict_types=1);

use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7Server\ServerRequestCreator;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Log\AbstractLogger;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\Role;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\Exporter;
use Ybb\Export\Http\Emitter;
use Ybb\Export\Http\Handler;
use Ybb\Export\Http\SendFile;
use Ybb\Export\Settings;

require getenv('YBB_AUTOLOAD');

final class Users implements Authenticator
{
    public function authenticate(ServerRequestInterface $request): ?Identity
    {
        return match ($_SESSION['user'] ?? null) {
            'root' => new Identity('root', Role::Admin, null),
            'ana', 'bob' => new Identity($_SESSION['user'], programs: [1]),
            default => null,
        };
    }
}

session_save_path(getenv('YBB_FOLDER') . '/sessions');
session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'use_strict_mode' => true]);
if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) === '/login') {
    session_regenerate_id(true);
    $_SESSION = ['user' => $_GET['user'], 'token' => bin2hex(random_bytes(16))];
    exit($_SESSION['token']);
}

$log = new class extends AbstractLogger {
    public function log($level, string|Stringable $message, array $context = []): void
    {
        error_log("$level: $message " . json_encode($context));
    }
};
$factory = new Psr17Factory();
$settings = new Settings(
    'http://localhost/admin',
    SendFile::from(getenv('YBB_SENDFILE')),
    getenv('YBB_FOLDER') . '/out',
    '/protected',
    100_000,
);
$handler = new Handler(
    $settings,
    new Exporter($settings->baseUrl),
    new Users(),
    new TokenGuard($_SESSION['token'] ?? ''),
    $factory,
    $factory,
    $log,
);
Emitter::emit($handler->handle((new ServerRequestCreator($factory, $factory, $factory, $factory))->fromGlobals()));
