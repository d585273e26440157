<?php

declare(strict_types=1);

use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7Server\ServerRequestCreator;
use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\Role;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\Exporter;
use Ybb\Export\Http\Emitter;
use Ybb\Export\Http\Handler;
use Ybb\Export\Settings;

require __DIR__ . '/vendor/autoload.php';

// Your login puts the user's id into the session, and which programs he may export.
session_start();
$_SESSION['csrf'] ??= bin2hex(random_bytes(16));

final class SessionUsers implements Authenticator
{
    public function authenticate(ServerRequestInterface $request): ?Identity
    {
        return match (true) {
            !isset($_SESSION['user']) => null,
            $_SESSION['is_admin'] ?? false => new Identity($_SESSION['user'], Role::Admin, programs: null),
            default => new Identity($_SESSION['user'], programs: $_SESSION['programs'] ?? []),
        };
    }
}

// Where your site is.
$settings = new Settings(baseUrl: 'http://127.0.0.1:8080');
$factory = new Psr17Factory();
$handler = new Handler(
    $settings,
    new Exporter($settings->baseUrl),
    new SessionUsers(),
    new TokenGuard($_SESSION['csrf']),
    $factory,
    $factory,
);
$requests = new ServerRequestCreator($factory, $factory, $factory, $factory);
Emitter::emit($handler->handle($requests->fromGlobals()));
