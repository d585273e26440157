<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ResponseInterface;

/**
 * An endpoint that a person fills something in for: what he sent under a token that is not right comes back to him, to be
 * looked over and sent again. Nothing of it is carried out.
 */
interface ShowsAgain extends Endpoint
{
    public function showAgain(Call $call, Refused $refused): ResponseInterface;
}
