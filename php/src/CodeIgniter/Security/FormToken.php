<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Security;

use CodeIgniter\Config\Services;
use CodeIgniter\HTTP\IncomingRequest;
use Config\Security;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\CodeIgniter\Setup;

/**
 * The token of the package's pages and clients under the names that the application has for it.
 */
final class FormToken
{
    public static function rename(): void
    {
        $request = service('request');
        if (!$request instanceof IncomingRequest || !self::isOurs($request->getPath())) {
            return;
        }
        $names = config(Security::class);
        $given = $request->getHeaderLine(TokenGuard::HEADER);
        if ($given !== '' && !$request->hasHeader($names->headerName)) {
            $request->setHeader($names->headerName, $given);
        }
        $posted = $request->getPost();
        if (is_array($posted) && is_string($posted[TokenGuard::FIELD] ?? null)) {
            Services::superglobals()->setPost($names->tokenName, $posted[TokenGuard::FIELD]);
            $request->setGlobal('post', [$names->tokenName => $posted[TokenGuard::FIELD]] + $posted);
        }
    }

    /** Whether a route of the package's may be meant. */
    private static function isOurs(string $path): bool
    {
        $config = Setup::config();
        $prefix = trim($config->prefix, '/');
        $rest = trim($path, '/');
        if ($prefix !== '') {
            $rest = str_starts_with($rest, "$prefix/") ? substr($rest, strlen($prefix) + 1) : '';
        }
        return $config->routes && preg_match('#^(api/export|api/templates|exports)(/|$)#D', $rest) === 1;
    }
}
