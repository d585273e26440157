<?php

/* Every request of the admin. ADMIN_FOLDER has admin.json: base_url, source (a DSN of PDO), out, users. */

declare(strict_types=1);

use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7Server\ServerRequestCreator;
use Ybb\Admin\Admin;
use Ybb\Admin\Lists;
use Ybb\Admin\Session;
use Ybb\Admin\Shell;
use Ybb\Admin\Users;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\Exporter;
use Ybb\Export\Http\Emitter;
use Ybb\Export\Http\Handler;
use Ybb\Export\Http\SendFile;
use Ybb\Export\Settings;

require getenv('ADMIN_AUTOLOAD') ?: __DIR__ . '/../../../build/admin/vendor/autoload.php';
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Ybb\Admin\\')) {
        require __DIR__ . '/../src/' . substr($class, strlen('Ybb\Admin\\')) . '.php';
    }
});

$folder = (string) getenv('ADMIN_FOLDER');
$config = json_decode((string) file_get_contents("$folder/admin.json"), true, 8, JSON_THROW_ON_ERROR);
$session = Session::start("$folder/sessions");
$users = new Users($config['users'], $session);
// nginx sends files itself; php -S has nothing in front that could
$settings = $config['accel']
    ? new Settings($config['base_url'], SendFile::XAccel, $config['out'], '/protected')
    : new Settings($config['base_url']);
$factory = new Psr17Factory();
$request = (new ServerRequestCreator($factory, $factory, $factory, $factory))->fromGlobals();
$shell = new Shell($users->current(), $session->token());
$exports = new Handler(
    $settings,
    new Exporter($settings->baseUrl),
    $users,
    new TokenGuard($session->token()),
    $factory,
    $factory,
    layout: $shell,
);
$admin = new Admin($users, $session, $shell, new Lists($config['source']), $exports, $factory);
Emitter::emit($admin->handle($request));
