<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter;

use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ServerRequestFactoryInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\CodeIgniter\Config\YbbExport;
use Ybb\Export\Http\SendFile;
use Ybb\Export\Settings;

/**
 * What follows from the application's configuration. Nothing is kept, so nothing of one request is left to
 * the next one of a process.
 */
final class Setup
{
    /** Settings of php.ini by the properties that go over them. */
    private const PLACES = [
        'configFile' => 'ybb_export.config',
        'source' => 'ybb_export.source',
        'store' => 'ybb_export.store',
        'out' => 'ybb_export.out',
        'mode' => 'ybb_export.mode',
    ];

    public static function config(): YbbExport
    {
        $config = config('YbbExport');
        return $config instanceof YbbExport ? $config
            : throw new \LogicException('Config\\YbbExport must extend ' . YbbExport::class);
    }

    /** What stands before /api/export and /exports. */
    public static function baseUrl(): string
    {
        return rtrim(site_url(self::config()->prefix), '/');
    }

    public static function settings(): Settings
    {
        self::places();
        $config = self::config();
        $sender = SendFile::tryFrom($config->sendFile)
            ?? throw new \LogicException("ybbexport.sendFile is none, x-accel or x-sendfile, not \"$config->sendFile\"");
        return new Settings(
            baseUrl: self::baseUrl(),
            sendFile: $sender,
            sendFileRoot: $sender === SendFile::XAccel ? LibraryFile::out() : '',
            sendFileLocation: $config->sendFileLocation,
            maxBodyBytes: max(1, $config->maxBodyBytes),
        );
    }

    /** Has the library use the places that the application names. */
    public static function places(): void
    {
        $config = self::config();
        $values = (array) $config;
        if ($config->database !== '') {
            $values['source'] = DatabaseGroup::dsn($config->database);
        }
        foreach (self::PLACES as $property => $setting) {
            $value = $values[$property];
            if (is_string($value) && $value !== '' && ini_get($setting) !== $value && ini_set($setting, $value) === false) {
                throw new \LogicException("$setting cannot be set here; is the extension ybb_export there?");
            }
        }
    }

    public static function authenticator(): Authenticator
    {
        $class = self::config()->authenticator;
        return is_a($class, Authenticator::class, true) ? new $class()
            : throw new \LogicException("ybbexport.authenticator: $class is no " . Authenticator::class);
    }

    public static function factory(): ResponseFactoryInterface&ServerRequestFactoryInterface&StreamFactoryInterface
    {
        $class = self::config()->psr17;
        $factory = class_exists($class) ? new $class() : null;
        return $factory instanceof ResponseFactoryInterface && $factory instanceof ServerRequestFactoryInterface
            && $factory instanceof StreamFactoryInterface ? $factory
            : throw new \LogicException("ybbexport.psr17: $class makes no PSR-7 messages; \"composer require nyholm/psr7\" brings the usual one");
    }
}
