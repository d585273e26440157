<?php

declare(strict_types=1);

use CodeIgniter\Router\RouteCollection;
use Ybb\Export\CodeIgniter\Controllers\Exports;
use Ybb\Export\CodeIgniter\Setup;

/**
 * Everything below these addresses is the handler's, which answers 404 and 405 itself. Routes of the
 * application go before these.
 *
 * @var RouteCollection $routes
 */
$config = Setup::config();
if ($config->routes) {
    $routes->group($config->prefix, static function (RouteCollection $routes) use ($config): void {
        $to = '\\' . Exports::class . '::handle';
        $open = '\\' . Exports::class . '::read';
        foreach (['api/export', 'api/export/(:any)', 'api/templates'] as $from) {
            $routes->add($from, $to, ['filter' => $config->filters]);
        }
        $routes->add('api/openapi.json', $open);
        $routes->add('exports/assets/(:any)', $open);
        $pages = ['filter' => $config->login === '' ? $config->filters : [...$config->filters, 'ybbexport']];
        $routes->add('exports', $to, $pages);
        $routes->add('exports/(:any)', $to, $pages);
    });
}
