<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Auth\Identity;

/**
 * A request whose route and user are known.
 */
final readonly class Call
{
    /** @param array<string, string> $parameters of the route */
    public function __construct(
        public ServerRequestInterface $request,
        private ?Identity $user,
        private array $parameters,
    ) {}

    public function user(): Identity
    {
        return $this->user ?? throw Refused::unauthenticated();
    }

    /** Whose exports the user may see, as the library takes it. */
    public function owner(): ?string
    {
        return $this->user()->sees();
    }

    public function parameter(string $name): string
    {
        return $this->parameters[$name] ?? throw new \LogicException("The route has no parameter $name");
    }

    public function id(): string
    {
        return $this->parameter('id');
    }
}
