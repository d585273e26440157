<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Psr\Http\Server\RequestHandlerInterface;
use Psr\Log\LoggerInterface;
use Psr\Log\NullLogger;
use Ybb\Export\Answer;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\Auth\CsrfGuard;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\RedactingExporter;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\ExporterInterface;
use Ybb\Export\Pages\Endpoint as Pages;
use Ybb\Export\Pages\Layout;
use Ybb\Export\Pages\PageResponder;
use Ybb\Export\Pages\PlainLayout;
use Ybb\Export\Pages\Texts;
use Ybb\Export\Settings;

/**
 * The exports over HTTP: finds the endpoint, asks who is there and whether he may, and says in JSON what
 * is wrong. Keeps nothing between two requests.
 */
final readonly class Handler implements RequestHandlerInterface
{
    private const HARMLESS = ['GET', 'HEAD'];

    /** It and what is below it are pages; what is wrong is a page there, too. */
    private const PAGES = '/exports';

    private Responder $responder;
    private Router $router;

    public function __construct(
        private Settings $settings,
        private ExporterInterface $exporter,
        private Authenticator $authenticator,
        private CsrfGuard $csrf,
        ResponseFactoryInterface $responses,
        private StreamFactoryInterface $streams,
        private LoggerInterface $logger = new NullLogger(),
        private Layout $layout = new PlainLayout(),
    ) {
        $this->responder = new Responder($responses, $streams);
        $this->router = new Router($this->routes());
    }

    public function handle(ServerRequestInterface $request): ResponseInterface
    {
        try {
            $response = $this->answer($request);
        } catch (Refused $refused) {
            $response = $this->refused($request, $refused);
        } catch (\YbbExport\Exception $broken) {
            $response = $this->refused($request, $this->broken($broken));
        }
        // one has the length of what GET would send, and sends nothing
        return $request->getMethod() === 'HEAD' ? $response->withBody($this->streams->createStream()) : $response;
    }

    private function answer(ServerRequestInterface $request): ResponseInterface
    {
        [$route, $parameters] = $this->router->find($request->getMethod(), $this->pathOf($request));
        $user = $this->isOpen($route, $request) ? null : $this->admitted($request, $route->access);
        $call = new Call($request, RedactingExporter::for($user, $this->exporter, $this->logger), $user, $parameters);
        $response = $this->isForged($request, $user)
            ? $this->shownAgain($route->endpoint(), $call)
            : $route->endpoint()->answer($call);
        $token = $user === null ? '' : $this->csrf->token();
        return $token === '' ? $response : $response->withHeader(TokenGuard::HEADER, $token);
    }

    /** Whether another site's page may have sent it in the user's name. */
    private function isForged(ServerRequestInterface $request, ?Identity $user): bool
    {
        return $user !== null && $user->ambient && !in_array($request->getMethod(), self::HARMLESS, true)
            && !$this->csrf->accepts($request);
    }

    private function shownAgain(Endpoint $endpoint, Call $call): ResponseInterface
    {
        $refused = Refused::csrf($this->csrf->token());
        return $endpoint instanceof ShowsAgain ? $endpoint->showAgain($call, $refused) : throw $refused;
    }

    /** What is signed needs no name; the endpoint checks the signature. */
    private function isOpen(Route $route, ServerRequestInterface $request): bool
    {
        return $route->access === Access::Everybody
            || ($route->access === Access::Holders && Call::signatureOf($request) !== null);
    }

    private function pathOf(ServerRequestInterface $request): string
    {
        $path = $request->getUri()->getPath();
        return str_starts_with($path, $this->settings->path . '/')
            ? substr($path, strlen($this->settings->path))
            : throw Refused::noSuchPage();
    }

    private function admitted(ServerRequestInterface $request, Access $access): Identity
    {
        $user = $this->authenticator->authenticate($request) ?? throw Refused::unauthenticated();
        // PHP locks a session: a download would hold up every other request of its user
        if (session_status() === PHP_SESSION_ACTIVE) {
            session_write_close();
        }
        if ($access === Access::Admins && !$user->isAdmin()) {
            throw Refused::forbidden('only administrators may do that');
        }
        return $user;
    }

    private function refused(ServerRequestInterface $request, Refused $refused): ResponseInterface
    {
        return str_starts_with($request->getUri()->getPath() . '/', $this->settings->path . self::PAGES . '/')
            ? $this->pages()->refused(Texts::for($request), $refused)
            : $this->responder->answer($refused->answer, $refused->status, $refused->headers);
    }

    /** Its message may name hosts and folders, so it goes to the log alone. */
    private function broken(\YbbExport\Exception $broken): Refused
    {
        $this->logger->critical('Exports do not work: {message}', [
            'message' => $broken->getMessage(),
            'exception' => $broken,
        ]);
        $why = 'exports are not set up well here: an administrator finds more in the log';
        return Refused::with(Answer::refusal('INTERNAL', $why));
    }

    /** @return list<Route> */
    private function routes(): array
    {
        return [...$this->endpoints(), ...$this->pageRoutes()];
    }

    private function pages(): PageResponder
    {
        return new PageResponder($this->settings, $this->layout, $this->csrf, $this->responder, $this->streams);
    }

    /** @return list<Route> */
    private function pageRoutes(): array
    {
        $all = Access::Exporters;
        return [
            new Route('GET', '/exports/new', fn() => new Pages\NewExport($this->pages()), $all),
            new Route('POST', '/exports/new', fn() => new Pages\NewExport($this->pages()), $all),
            new Route('GET', '/exports', fn() => new Pages\MyExports($this->pages()), $all),
            new Route('GET', '/exports/statistics', fn() => new Pages\StatisticsPage($this->pages()), Access::Admins),
            new Route('GET', '/exports/{id}', fn() => new Pages\ExportPage($this->pages()), $all),
            new Route('POST', '/exports/{id}/resume', fn() => new Pages\ResumeForm($this->pages()), $all),
            new Route('POST', '/exports/{id}/retry', fn() => new Pages\RetryForm($this->pages()), $all),
            new Route('POST', '/exports/{id}/delete', fn() => new Pages\DeleteForm($this->pages()), $all),
            new Route('GET', '/exports/assets/{asset}', fn() => new Pages\Asset($this->responder, $this->streams), Access::Everybody),
        ];
    }

    /** @return list<Route> */
    private function endpoints(): array
    {
        [$settings, $responder] = [$this->settings, $this->responder];
        $files = static fn() => new PartResponder($responder, new FileResponder($settings, $responder));
        $streams = fn() => new StreamResponder($responder, $this->logger);
        $all = Access::Exporters;
        $holders = Access::Holders;
        return [
            new Route('POST', '/api/export', static fn() => new Endpoint\StartExport($settings, $responder), $all),
            new Route('GET', '/api/export', static fn() => new Endpoint\ListExports($responder), $all),
            new Route('POST', '/api/export/stream', static fn() => new Endpoint\StreamExport($settings, $streams()), $all),
            new Route('GET', '/api/export/{id}/stream', static fn() => new Endpoint\ReadStream($streams()), $all),
            new Route('POST', '/api/export/estimate', static fn() => new Endpoint\EstimateExport($settings, $responder), $all),
            new Route('GET', '/api/export/stats', static fn() => new Endpoint\ShowStatistics($responder), Access::Admins),
            new Route('GET', '/api/export/queue/status', static fn() => new Endpoint\ShowQueue($responder), $all),
            new Route('GET', '/api/export/{id}/status', static fn() => new Endpoint\ExportStatus($responder), $all),
            new Route('GET', '/api/export/{id}/chunks', static fn() => new Endpoint\ListChunks($responder), $all),
            new Route('GET', '/api/export/{id}/download', static fn() => new Endpoint\DownloadFile($files()), $holders),
            new Route('GET', '/api/export/{id}/download/batch/{batch}', static fn() => new Endpoint\DownloadBatch($files()), $holders),
            new Route('GET', '/api/export/{id}/download/zip', static fn() => new Endpoint\DownloadArchive($files()), $holders),
            new Route('POST', '/api/export/{id}/resume', static fn() => new Endpoint\ResumeExport($responder), $all),
            new Route('DELETE', '/api/export/{id}', static fn() => new Endpoint\DeleteExport($responder), $all),
            new Route('GET', '/api/templates', static fn() => new Endpoint\ListTemplates($responder), $all),
            new Route('POST', '/api/templates', static fn() => new Endpoint\SaveTemplate($settings, $responder), Access::Admins),
            new Route('GET', '/api/openapi.json', static fn() => new Endpoint\ShowApi($settings, $responder), Access::Everybody),
        ];
    }
}
