<?php

declare(strict_types=1);

namespace Ybb\Export\Auth;

use Psr\Http\Message\ServerRequestInterface;

/**
 * The synchronizer token pattern: a random token that the host keeps in the user's session comes back in
 * the header X-CSRF-Token, or in the field csrf_token of a form. Without a token nothing is accepted.
 */
final readonly class TokenGuard implements CsrfGuard
{
    public const HEADER = 'X-CSRF-Token';
    public const FIELD = 'csrf_token';

    /** @param string $token of the session; at least 16 bytes */
    public function __construct(#[\SensitiveParameter] private string $token) {}

    public function accepts(ServerRequestInterface $request): bool
    {
        return strlen($this->token) >= 16
            && hash_equals($this->token, self::given($request))
            && self::isOfOurSite($request);
    }

    public function token(): string
    {
        return $this->token;
    }

    /** Without script, a form cannot send a header; no JSON has a token. */
    private static function given(ServerRequestInterface $request): string
    {
        $form = $request->getParsedBody();
        $isForm = str_starts_with($request->getHeaderLine('Content-Type'), 'application/x-www-form-urlencoded');
        $field = $isForm && is_array($form) ? $form[self::FIELD] ?? '' : '';
        return $request->getHeaderLine(self::HEADER) ?: (is_string($field) ? $field : '');
    }

    /** What browsers say of the page that sent it, where they say it. */
    private static function isOfOurSite(ServerRequestInterface $request): bool
    {
        $site = $request->getHeaderLine('Sec-Fetch-Site');
        if ($site !== '') {
            return $site === 'same-origin' || $site === 'none';
        }
        $origin = $request->getHeaderLine('Origin');
        if ($origin === '') {
            return true;
        }
        // scheme and port may have changed on the way, through a proxy; the host that the browser named has not
        $from = parse_url($origin, PHP_URL_HOST);
        return is_string($from) && $from === self::host($request);
    }

    /** Some makers of PSR-7 requests name the host twice: as the address has it, and as it came. Null: none, or several. */
    private static function host(ServerRequestInterface $request): ?string
    {
        $hosts = array_unique($request->getHeader('Host'));
        $host = count($hosts) === 1 ? parse_url('//' . $hosts[0], PHP_URL_HOST) : null;
        return is_string($host) ? $host : null;
    }
}
