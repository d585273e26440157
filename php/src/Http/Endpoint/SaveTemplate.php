<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\RequestBody;
use Ybb\Export\Http\Responder;
use Ybb\Export\Settings;

/**
 * POST /api/templates: makes templates, in place of those of their names, for everybody.
 */
final readonly class SaveTemplate implements Endpoint
{
    public function __construct(private Settings $settings, private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        $template = RequestBody::object($call->request, $this->settings->maxBodyBytes);
        $answer = $call->exporter->saveTemplate($template);
        return $answer->isError()
            ? $this->responder->answer($answer)
            : $this->responder->answer($answer, 201, ['Location' => "{$this->settings->path}/api/templates"]);
    }
}
