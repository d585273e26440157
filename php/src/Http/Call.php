<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\RequestGuard;
use Ybb\Export\ExporterInterface;

/**
 * A request whose route and user are known.
 */
final readonly class Call
{
    public const SIGNATURE = 'signature';

    /**
     * @param ExporterInterface $exporter that says what the user may see
     * @param array<string, string> $parameters of the route
     */
    public function __construct(
        public ServerRequestInterface $request,
        public ExporterInterface $exporter,
        private ?Identity $user,
        private array $parameters,
    ) {}

    public function user(): Identity
    {
        return $this->user ?? throw Refused::unauthenticated();
    }

    /**
     * The request for an export that the call brings, as the user's own: his exports, of his programs.
     *
     * @return array<string, mixed>
     * @throws Refused
     */
    public function exportRequest(int $mostBytes): array
    {
        return RequestGuard::of(RequestBody::object($this->request, $mostBytes), $this->user());
    }

    /** Whose exports the user may see, as the library takes it. */
    public function owner(): ?string
    {
        return $this->user()->sees();
    }

    /** Of a signed link; null: it is none. */
    public function signature(): ?string
    {
        return self::signatureOf($this->request);
    }

    public static function signatureOf(ServerRequestInterface $request): ?string
    {
        $signature = $request->getQueryParams()[self::SIGNATURE] ?? null;
        return is_string($signature) ? $signature : null;
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
