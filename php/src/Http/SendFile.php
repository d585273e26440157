<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

/**
 * Who sends the bytes of a file.
 */
enum SendFile: string
{
    /** PHP. */
    case None = 'none';
    /** nginx, by the header X-Accel-Redirect: an internal location over the folder of exports. */
    case XAccel = 'x-accel';
    /** Apache with mod_xsendfile, lighttpd, by the header X-Sendfile. */
    case XSendfile = 'x-sendfile';
}
