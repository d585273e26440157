<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

final readonly class Router
{
    /** @param list<Route> $routes */
    public function __construct(private array $routes) {}

    /**
     * @return array{Route, array<string, string>} the route, and its parameters
     * @throws Refused
     */
    public function find(string $method, string $path): array
    {
        $allowed = [];
        foreach ($this->routes as $route) {
            $parameters = $route->match($path);
            if ($parameters !== null && $route->takes($method)) {
                return [$route, $parameters];
            }
            if ($parameters !== null) {
                array_push($allowed, ...($route->method === 'GET' ? ['GET', 'HEAD'] : [$route->method]));
            }
        }
        throw $allowed === [] ? Refused::noSuchPage() : Refused::method($allowed);
    }
}
