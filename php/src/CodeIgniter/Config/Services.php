<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Config;

use CodeIgniter\Config\BaseService;
use CodeIgniter\Config\Services as AppServices;
use CodeIgniter\HTTP\IncomingRequest;
use Psr\Http\Server\RequestHandlerInterface;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\Auth\CsrfGuard;
use Ybb\Export\CodeIgniter\ExportService;
use Ybb\Export\CodeIgniter\Http\PsrRequest;
use Ybb\Export\CodeIgniter\Setup;
use Ybb\Export\CodeIgniter\ViewLayout;
use Ybb\Export\Exporter;
use Ybb\Export\ExporterInterface;
use Ybb\Export\Http\Handler;

/**
 * The exports as CodeIgniter's services. An application's Config\Services goes before.
 */
final class Services extends BaseService
{
    /** The endpoints for the application's own code, in the name of who is logged in. */
    public static function ybbexport(bool $getShared = true): ExportService
    {
        if ($getShared) {
            $shared = self::getSharedInstance('ybbexport');
            assert($shared instanceof ExportService);
            return $shared;
        }
        return new ExportService(self::ybbexporter(), self::ybbexportusers(), static function () {
            $request = service('request');
            assert($request instanceof IncomingRequest);
            return PsrRequest::of($request, Setup::factory());
        }, AppServices::logger());
    }

    /** The library, for nobody in particular: whoever calls it must know what he asks for, and for whom. */
    public static function ybbexporter(bool $getShared = true): ExporterInterface
    {
        if ($getShared) {
            $shared = self::getSharedInstance('ybbexporter');
            assert($shared instanceof ExporterInterface);
            return $shared;
        }
        Setup::places();
        return new Exporter(Setup::baseUrl());
    }

    /** Who the users are. */
    public static function ybbexportusers(bool $getShared = true): Authenticator
    {
        if ($getShared) {
            $shared = self::getSharedInstance('ybbexportusers');
            assert($shared instanceof Authenticator);
            return $shared;
        }
        return Setup::authenticator();
    }

    /** The endpoints and pages for one request; it knows the token that came with it, so none is shared. */
    public static function ybbexporthandler(CsrfGuard $csrf): RequestHandlerInterface
    {
        $factory = Setup::factory();
        return new Handler(
            settings: Setup::settings(),
            exporter: self::ybbexporter(),
            authenticator: self::ybbexportusers(),
            csrf: $csrf,
            responses: $factory,
            streams: $factory,
            logger: AppServices::logger(),
            layout: new ViewLayout(Setup::config()->layout),
        );
    }
}
