<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Answer;
use Ybb\Export\Download;
use Ybb\Export\Settings;

/**
 * Finished files as responses: conditions, ranges, and handing them to the web server.
 */
final readonly class FileResponder
{
    public function __construct(private Settings $settings, private Responder $responder) {}

    /** @param string $tag what the file is called among all: of an export and its part */
    public function respond(ServerRequestInterface $request, Download $file, string $tag): ResponseInterface
    {
        $status = fstat($file->stream);
        $modified = $status === false ? 0 : $status['mtime'];
        $validators = new Validators(sprintf('"%s-%x-%x"', $tag, $file->size, $modified), $modified);
        $headers = [
            'ETag' => $validators->etag,
            'Last-Modified' => $validators->lastModified,
            'Accept-Ranges' => 'bytes',
            // his alone, and asked about each time: an export may be deleted
            'Cache-Control' => 'private, no-cache',
            'Content-Disposition' => ContentDisposition::attachment($file->name),
        ];
        $handed = $this->handedOn($file, $headers);
        if ($handed !== null) {
            return $handed;
        }
        return match ($validators->status($request)) {
            304 => $this->with($this->responder->response(304), $headers),
            412 => $this->responder->answer(
                Answer::refusal('PRECONDITION_FAILED', 'the file is another one than the request is about'),
                412,
            ),
            default => $this->sent($request, $file, $validators, $headers),
        };
    }

    /** @param array<string, string> $headers */
    private function sent(
        ServerRequestInterface $request,
        Download $file,
        Validators $validators,
        array $headers,
    ): ResponseInterface {
        $heeded = $request->getMethod() === 'GET' && $validators->allowRange($request);
        $range = $heeded ? ByteRange::of($request->getHeaderLine('Range'), $file->size) : null;
        if ($range?->isSatisfiable() === false) {
            $answer = Answer::refusal('RANGE_NOT_SATISFIABLE', "the file has $file->size bytes");
            return $this->responder->answer($answer, 416, ['Content-Range' => $range->contentRange()]);
        }
        $headers['Content-Type'] = $file->type;
        $headers['Content-Length'] = (string) ($range->length ?? $file->size);
        if ($range !== null) {
            $headers['Content-Range'] = $range->contentRange();
        }
        return $this->with($this->responder->response($range === null ? 200 : 206), $headers)
            ->withBody(new FileBody($file->stream, $range->first ?? 0, $range->length ?? $file->size));
    }

    /**
     * The web server sends the file, and makes of conditions and ranges what they ask for. Null: PHP does.
     *
     * @param array<string, string> $headers
     */
    private function handedOn(Download $file, array $headers): ?ResponseInterface
    {
        $place = $this->place($file->path);
        if ($place === null) {
            return null;
        }
        // the server's own validators are those that it compares
        unset($headers['ETag'], $headers['Last-Modified'], $headers['Accept-Ranges']);
        $name = $this->settings->sendFile === SendFile::XAccel ? 'X-Accel-Redirect' : 'X-Sendfile';
        return $this->with($this->responder->response(200), [...$headers, 'Content-Type' => $file->type, $name => $place]);
    }

    private function place(string $path): ?string
    {
        if ($this->settings->sendFile === SendFile::None) {
            return null;
        }
        if ($this->settings->sendFile === SendFile::XSendfile) {
            return $path;
        }
        $root = rtrim($this->settings->sendFileRoot, '/') . '/';
        if (!str_starts_with($path, $root)) {
            return null;
        }
        $steps = array_map(rawurlencode(...), explode('/', substr($path, strlen($root))));
        return rtrim($this->settings->sendFileLocation, '/') . '/' . implode('/', $steps);
    }

    /** @param array<string, string> $headers */
    private function with(ResponseInterface $response, array $headers): ResponseInterface
    {
        foreach ($headers as $name => $value) {
            $response = $response->withHeader($name, $value);
        }
        return $response;
    }
}
