<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Security;

use CodeIgniter\Filters\CSRF;
use CodeIgniter\Filters\Filters;
use CodeIgniter\HTTP\IncomingRequest;
use CodeIgniter\Security\Exceptions\SecurityException;
use CodeIgniter\Security\SecurityInterface;
use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Auth\CsrfGuard;
use Ybb\Export\Auth\TokenGuard;

/**
 * CodeIgniter's token, which Config\Security keeps in a cookie or the session. It is looked at beforehand:
 * later the session is closed, and could not keep the next one.
 */
final readonly class FrameworkGuard implements CsrfGuard
{
    private function __construct(private SecurityInterface $security, private bool $isTokenRight) {}

    public static function of(IncomingRequest $request): self
    {
        $security = service('security');
        assert($security instanceof SecurityInterface);
        return new self($security, self::filterHasRun() || self::isRight($security, $request));
    }

    public function accepts(ServerRequestInterface $request): bool
    {
        // what browsers say of the page that sent it counts here, too
        $any = bin2hex(random_bytes(16));
        return $this->isTokenRight && (new TokenGuard($any))->accepts($request->withHeader(TokenGuard::HEADER, $any));
    }

    public function token(): string
    {
        return (string) $this->security->getHash();
    }

    /** Then the token was right, and may be another one by now. */
    private static function filterHasRun(): bool
    {
        $filters = service('filters');
        assert($filters instanceof Filters);
        foreach ($filters->getFiltersClass()['before'] as [$class]) {
            if (is_a($class, CSRF::class, true)) {
                return true;
            }
        }
        return false;
    }

    private static function isRight(SecurityInterface $security, IncomingRequest $request): bool
    {
        try {
            $security->verify($request);
            return true;
        } catch (SecurityException) {
            return false;
        }
    }
}
