<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ResponseInterface;

interface Endpoint
{
    /** @throws Refused */
    public function answer(Call $call): ResponseInterface;
}
