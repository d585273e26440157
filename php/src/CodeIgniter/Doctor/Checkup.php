<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Doctor;

use Ybb\Export\Auth\DenyAll;
use Ybb\Export\CodeIgniter\LibraryFile;
use Ybb\Export\CodeIgniter\Setup;

/**
 * Looks at one thing after the other, in the order in which they depend on each other; what cannot be
 * looked at, because something before it is broken, is left out.
 */
final class Checkup
{
    /** @return \Generator<int, Finding> */
    public function findings(): \Generator
    {
        yield $extension = $this->extension();
        yield $this->messages();
        yield $this->users();
        yield $this->address();
        if ($extension->health === Health::Bad) {
            return;
        }
        foreach ([$this->places(...), $this->file(...), $this->folder(...)] as $check) {
            $finding = $check();
            if ($finding !== null) {
                yield $finding;
            }
            if ($finding?->health === Health::Bad) {
                return;
            }
        }
        yield from (new LibraryCheckup())->findings();
        yield $this->links();
        yield $this->sending();
    }

    private function extension(): Finding
    {
        return extension_loaded('ybb_export')
            ? Finding::good('extension', 'extension', [YBB_EXPORT_VERSION, YBB_EXPORT_LIBRARY_VERSION])
            : Finding::bad('extension', 'noExtension');
    }

    private function messages(): Finding
    {
        try {
            return Finding::good('messages', 'messages', [Setup::factory()::class]);
        } catch (\LogicException $missing) {
            return Finding::broken('messages', $missing->getMessage(), 'noMessages');
        }
    }

    private function users(): Finding
    {
        try {
            $class = Setup::authenticator()::class;
        } catch (\LogicException $missing) {
            return Finding::broken('users', $missing->getMessage(), 'nobody');
        }
        return $class === DenyAll::class
            ? Finding::bad('users', 'nobody') : Finding::good('users', 'users', [$class]);
    }

    private function address(): Finding
    {
        $url = Setup::baseUrl();
        return ENVIRONMENT === 'production' && str_starts_with($url, 'http://localhost:8080')
            ? Finding::doubtful('address', 'firstAddress', [$url]) : Finding::good('address', 'address', [$url]);
    }

    /** What the application itself says about places. */
    private function places(): ?Finding
    {
        try {
            Setup::places();
            return null;
        } catch (\LogicException $wrong) {
            return Finding::broken('file', $wrong->getMessage(), 'places');
        }
    }

    private function file(): Finding
    {
        $path = LibraryFile::path();
        if ($path === '') {
            return Finding::good('file', 'noFile');
        }
        return is_readable($path) ? Finding::good('file', 'file', [$path])
            : Finding::bad('file', 'unreadable', [$path, self::user()]);
    }

    private function folder(): Finding
    {
        $out = LibraryFile::out();
        if ($out === '') {
            return Finding::bad('folder', 'noFolder');
        }
        if (!is_dir($out)) {
            return Finding::bad('folder', 'missingFolder', [$out]);
        }
        $owner = (int) fileowner($out);
        if (function_exists('posix_geteuid') && posix_geteuid() === 0 && $owner !== 0) {
            // what root makes there, the job store above all, its owner could not write
            return Finding::bad('folder', 'root', [$out, self::name($owner)]);
        }
        return is_writable($out)
            ? Finding::good('folder', 'folder', [$out, self::size((float) disk_free_space($out))])
            : Finding::bad('folder', 'readOnly', [$out, self::user()]);
    }

    private function links(): Finding
    {
        $secret = LibraryFile::text('link_secret');
        return $secret !== '' ? Finding::good('links', 'secret')
            : Finding::doubtful('links', 'noSecret', [LibraryFile::path() ?: '/etc/ybbexport.json']);
    }

    private function sending(): Finding
    {
        try {
            return Finding::good('sending', 'sending', [Setup::settings()->sendFile->value]);
        } catch (\LogicException $wrong) {
            return Finding::broken('sending', $wrong->getMessage(), 'sending');
        }
    }

    private static function user(): string
    {
        return function_exists('posix_geteuid') ? self::name(posix_geteuid()) : get_current_user();
    }

    private static function name(int $id): string
    {
        $entry = function_exists('posix_getpwuid') ? posix_getpwuid($id) : false;
        return $entry === false ? (string) $id : $entry['name'];
    }

    private static function size(float $bytes): string
    {
        return number_format($bytes / 1e9, 1) . ' GB';
    }
}
