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
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\ExporterInterface;
use Ybb\Export\Settings;

/**
 * The exports over HTTP: finds the endpoint, asks who is there and whether he may, and says in JSON what
 * is wrong. Keeps nothing between two requests.
 */
final readonly class Handler implements RequestHandlerInterface
{
    private const HARMLESS = ['GET', 'HEAD'];

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
    ) {
        $this->responder = new Responder($exporter, $responses, $streams);
        $this->router = new Router($this->routes());
    }

    public function handle(ServerRequestInterface $request): ResponseInterface
    {
        try {
            $response = $this->answer($request);
        } catch (Refused $refused) {
            $response = $this->responder->answer($refused->answer, $refused->status, $refused->headers);
        } catch (\YbbExport\Exception $broken) {
            $response = $this->broken($broken);
        }
        // one has the length of what GET would send, and sends nothing
        return $request->getMethod() === 'HEAD' ? $response->withBody($this->streams->createStream()) : $response;
    }

    private function answer(ServerRequestInterface $request): ResponseInterface
    {
        [$route, $parameters] = $this->router->find($request->getMethod(), $this->pathOf($request));
        $user = $route->access === Access::Everybody ? null : $this->admitted($request, $route->access);
        if ($user !== null && $user->ambient && !in_array($request->getMethod(), self::HARMLESS, true)
            && !$this->csrf->accepts($request)) {
            throw Refused::csrf($this->csrf->token());
        }
        $response = $route->endpoint->answer(new Call($request, $user, $parameters));
        $token = $user === null ? '' : $this->csrf->token();
        return $token === '' ? $response : $response->withHeader(TokenGuard::HEADER, $token);
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

    /** Its message may name hosts and folders, so it goes to the log alone. */
    private function broken(\YbbExport\Exception $broken): ResponseInterface
    {
        $this->logger->critical('Exports do not work: {message}', [
            'message' => $broken->getMessage(),
            'exception' => $broken,
        ]);
        $answer = Answer::refusal('INTERNAL', 'exports are not set up well here: an administrator finds more in the log');
        return $this->responder->answer($answer, 500);
    }

    /** @return list<Route> */
    private function routes(): array
    {
        $needs = [$this->settings, $this->exporter, $this->responder];
        [, $exporter, $responder] = $needs;
        $files = new PartResponder($exporter, $responder, new FileResponder($this->settings, $responder));
        $all = Access::Exporters;
        return [
            new Route('POST', '/api/export', new Endpoint\StartExport(...$needs), $all),
            new Route('POST', '/api/export/stream', new Endpoint\StreamExport(...[...$needs, $this->logger]), $all),
            new Route('POST', '/api/export/estimate', new Endpoint\EstimateExport(...$needs), $all),
            new Route('GET', '/api/export/stats', new Endpoint\ShowStatistics($exporter, $responder), Access::Admins),
            new Route('GET', '/api/export/queue/status', new Endpoint\ShowQueue($exporter, $responder), $all),
            new Route('GET', '/api/export/{id}/status', new Endpoint\ExportStatus($exporter, $responder), $all),
            new Route('GET', '/api/export/{id}/chunks', new Endpoint\ListChunks($exporter, $responder), $all),
            new Route('GET', '/api/export/{id}/download', new Endpoint\DownloadFile($files), $all),
            new Route('GET', '/api/export/{id}/download/batch/{batch}', new Endpoint\DownloadBatch($files), $all),
            new Route('GET', '/api/export/{id}/download/zip', new Endpoint\DownloadArchive($files), $all),
            new Route('POST', '/api/export/{id}/resume', new Endpoint\ResumeExport($exporter, $responder), $all),
            new Route('DELETE', '/api/export/{id}', new Endpoint\DeleteExport($exporter, $responder), $all),
            new Route('GET', '/api/templates', new Endpoint\ListTemplates($exporter, $responder), $all),
            new Route('POST', '/api/templates', new Endpoint\SaveTemplate(...$needs), Access::Admins),
            new Route('GET', '/api/openapi.json', new Endpoint\ShowApi($this->settings, $responder), Access::Everybody),
        ];
    }
}
