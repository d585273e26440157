<?php

declare(strict_types=1);

namespace Ybb\Export\Auth;

use Psr\Http\Message\ServerRequestInterface;

/**
 * Names who asks: the host's session, its access tokens, whatever it has.
 */
interface Authenticator
{
    /** Null: nobody who is known. */
    public function authenticate(ServerRequestInterface $request): ?Identity;
}
