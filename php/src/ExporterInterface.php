<?php

declare(strict_types=1);

namespace Ybb\Export;

/**
 * What the library does, for PHP. An owner that is null asks for anybody's exports; those of others are
 * NOT_FOUND. A broken installation is a \YbbExport\Exception, everything else an answer.
 */
interface ExporterInterface
{
    /**
     * @param array<string, mixed> $request docs/request.schema.json
     * @param null|string $ownAddress the e-mail address of who asks, as his login has it and not as the request
     *     says it: mail about the export may go there
     */
    public function start(array $request, ?string $ownAddress = null): Answer;

    /** @param array<string, mixed> $request */
    public function estimate(array $request): Answer;

    /**
     * An export that is read while its rows are; a refusal is an answer.
     *
     * @param array<string, mixed> $request
     */
    public function stream(array $request): RowStream|Answer;

    /** A stream that was started by its id, and that nobody has read; what is none is NOT_FOUND. */
    public function streamOf(string $id, ?string $owner): RowStream|Answer;

    public function status(string $id, ?string $owner): Answer;

    /**
     * Exports, the newest first.
     *
     * @param int<1, 100> $most
     * @param int<0, max> $before 0, or "next" of the answer before
     */
    public function list(?string $owner, int $most, int $before): Answer;

    public function chunks(string $id, ?string $owner): Answer;

    public function resume(string $id, ?string $owner): Answer;

    public function delete(string $id, ?string $owner): Answer;

    /**
     * One of its files; why there is none is an answer.
     *
     * @param null|int<1, max>|'zip' $part a batch's number, the archive, or whatever the export is as one file
     */
    public function download(string $id, int|string|null $part, ?string $owner): Download|Answer;

    public function templates(): Answer;

    /**
     * Answers with all templates.
     *
     * @param array<string, mixed> $template
     */
    public function saveTemplate(array $template): Answer;

    public function statistics(): Answer;

    public function queue(): Answer;

    /** The queue, and where in it an export is. */
    public function queueOf(string $id, ?string $owner): Answer;

    /**
     * The signature of a link to a file; null: the installation has no secret to sign with.
     *
     * @param null|int<1, max>|'zip' $part
     * @param int<1, 31622400> $seconds how long it holds
     */
    public function signLink(string $id, int|string|null $part, int $seconds): ?string;

    /**
     * Whether a signature is that of a file, and holds.
     *
     * @param null|int<1, max>|'zip' $part
     */
    public function checkLink(string $id, int|string|null $part, string $signature): Answer;
}
