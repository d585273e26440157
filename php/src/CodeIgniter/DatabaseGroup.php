<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter;

use Config\Database;

/**
 * A group of the application's Config\Database as the library's DSN.
 */
final class DatabaseGroup
{
    public static function dsn(string $name): string
    {
        $group = config(Database::class)->{$name} ?? null;
        if (!is_array($group)) {
            throw new \LogicException("ybbexport.database: Config\\Database has no group \"$name\"");
        }
        return self::of($group, $name);
    }

    /** @param array<array-key, mixed> $group as Config\Database has it */
    public static function of(array $group, string $name): string
    {
        // what the library cannot do must not be left out in silence
        foreach (['DBPrefix' => 'a prefix of table names', 'encrypt' => 'an encrypted connection'] as $key => $what) {
            if (!in_array($group[$key] ?? '', ['', false], true)) {
                throw new \LogicException("ybbexport.database: the group \"$name\" has $what, which a source cannot have");
            }
        }
        return match (self::text($group, 'DBDriver')) {
            'MySQLi' => self::mysql($group),
            'SQLite3' => self::sqlite(self::text($group, 'database'), $name),
            default => throw new \LogicException("ybbexport.database: the group \"$name\" is neither MySQLi nor SQLite3"),
        };
    }

    /** @param array<array-key, mixed> $group */
    private static function mysql(array $group): string
    {
        $host = self::text($group, 'hostname');
        // MySQLi takes a host that is a path for a socket
        $socket = str_starts_with($host, '/') ? $host : '';
        $port = self::text($group, 'port');
        $password = self::text($group, 'password');
        return 'mysql://' . rawurlencode(self::text($group, 'username'))
            . ($password === '' ? '' : ':' . rawurlencode($password))
            . '@' . ($socket === '' ? $host . ($port === '' ? '' : ":$port") : 'localhost')
            . '/' . rawurlencode(self::text($group, 'database'))
            . ($socket === '' ? '' : '?socket=' . implode('/', array_map(rawurlencode(...), explode('/', $socket))));
    }

    private static function sqlite(string $file, string $name): string
    {
        if ($file === '' || $file === ':memory:') {
            throw new \LogicException("ybbexport.database: the group \"$name\" is in memory, where the library cannot see it");
        }
        // CodeIgniter takes a name without a folder for a file of its own
        $path = str_contains($file, '/') ? $file : WRITEPATH . $file;
        return 'sqlite://' . implode('/', array_map(rawurlencode(...), explode('/', $path)));
    }

    /** @param array<array-key, mixed> $group */
    private static function text(array $group, string $key): string
    {
        $value = $group[$key] ?? '';
        return is_string($value) || is_int($value) ? (string) $value : '';
    }
}
