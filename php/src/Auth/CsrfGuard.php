<?php

declare(strict_types=1);

namespace Ybb\Export\Auth;

use Psr\Http\Message\ServerRequestInterface;

/**
 * Tells requests of the host's own pages from those that another site's page sends in the user's name.
 */
interface CsrfGuard
{
    /** Whether a request that changes something is our own page's. */
    public function accepts(ServerRequestInterface $request): bool;

    /** The token that the next request is to bring; empty: none. It goes out in the header X-CSRF-Token. */
    public function token(): string;
}
